package io.leasehold.spring.boot.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Matches unless {@code leasehold.enabled} is false, or the switch of one part is. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnEnabled.class)
@interface ConditionalOnEnabled {
    /** The part whose switch is {@code leasehold.<part>.enabled}; none by default. */
    String value() default "";
}
