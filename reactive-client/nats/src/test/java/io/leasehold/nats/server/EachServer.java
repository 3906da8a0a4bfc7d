package io.leasehold.nats.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The class is run once against each server that was found, or a choice of them, each time with one of its own that
 * all its tests share: they take it as a parameter of type {@link NatsServer}, and leave it running. The version
 * alone is there as a {@link ServerBinary}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ClassTemplate
@WithServers
@ExtendWith(EachServerRuns.class)
public @interface EachServer {
    /** Against which of those that were found. */
    ServerChoice value() default ServerChoice.ALL;
}
