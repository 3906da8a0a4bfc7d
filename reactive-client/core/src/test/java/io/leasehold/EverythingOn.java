package io.leasehold;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.leasehold.observation.MeterRecorder;
import io.leasehold.observation.ObservationStages;
import io.leasehold.resilience.Resilience;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;

/** All stages and recorders at once, wide open: a client that has them must behave as one without. */
public final class EverythingOn {
    private EverythingOn() {}

    /** The builder, with all of them. */
    public static MessageClientBuilder in(MessageClientBuilder plain) {
        MeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observed = ObservationRegistry.create();
        observed.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        ObservationStages stages = ObservationStages.of(observed);
        RateLimiter limiter = RateLimiter.of(
                "wide",
                RateLimiterConfig.custom()
                        .limitForPeriod(10_000_000)
                        .limitRefreshPeriod(Duration.ofMillis(1))
                        .build());
        Bulkhead bulkhead = Bulkhead.of(
                "wide",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(10_000_000)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        CircuitBreaker breaker = CircuitBreaker.of(
                "wide",
                CircuitBreakerConfig.custom()
                        .failureRateThreshold(100)
                        .slidingWindowSize(2_000)
                        .minimumNumberOfCalls(2_000)
                        .build());
        return plain.recorder(MeterRecorder.of(meters))
                .stage(Resilience.consuming(limiter))
                .stage(Resilience.consuming(bulkhead))
                .stage(Resilience.consuming(breaker))
                .stage(Resilience.publishing(limiter))
                .stage(Resilience.publishing(bulkhead))
                .stage(Resilience.publishing(breaker))
                .stages(stages);
    }
}
