package io.leasehold.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The observations of {@link io.leasehold.observation.LeaseholdObservations}.
 *
 * @param enabled whether runs and publishes are observed, as timers and as spans of traces, where the application has
 *     an observation registry
 */
public record ObservationProperties(@DefaultValue("true") boolean enabled) {}
