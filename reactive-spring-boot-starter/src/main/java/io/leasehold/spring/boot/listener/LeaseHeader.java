package io.leasehold.spring.boot.listener;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A header of the message as a parameter of a {@link LeaseListener} method: {@code String}, or what a text can be
 * converted to, for its first value; {@code List<String>} for all of them. A message without the header fails, unless
 * the parameter is an {@code Optional}, a {@code List} or {@code @Nullable}.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface LeaseHeader {
    /** Returns the name of the header. Upper and lower case are the same. */
    String value();
}
