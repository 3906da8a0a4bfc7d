package io.leasehold.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The meters of {@link io.leasehold.observation.LeaseholdMeters}.
 *
 * @param enabled whether the client counts and measures into the application's meter registry, where it has one
 */
public record MetricsProperties(@DefaultValue("true") boolean enabled) {}
