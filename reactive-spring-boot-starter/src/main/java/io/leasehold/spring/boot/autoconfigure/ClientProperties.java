package io.leasehold.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One more client beside the default one. The properties of its broker stand below the client as well, for example
 * {@code leasehold.clients.<name>.nats.servers}.
 *
 * @param broker the kind of broker that the client uses; the only one whose address is given below the client if not
 *     set, else one in this process
 * @param publish how publishing is bounded and repeated
 */
public record ClientProperties(
        @Nullable String broker,
        @NestedConfigurationProperty @DefaultValue PublishProperties publish) {}
