package io.leasehold.resilience;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.retry.RetryConfig;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishStage;
import java.time.Duration;

/**
 * Resilience4j as stages of a client. None of them parks a thread or adds an operator, and what they add to the
 * cost of a message is what Resilience4j itself takes.
 *
 * <p>A refused delivery is given back with the consumer's backoff and never dead-letters by that; a refused publish
 * errors with the same code. The order of stages is the order in which they are added to the client: what may delay
 * (limiter, bulkhead) belongs before a breaker, so that nobody waits with a permission of a half-open breaker in hand.
 *
 * <pre>{@code
 * MessageClient.builder()
 *         .stage(Resilience.publishing(rateLimiter))
 *         .stage(Resilience.publishing(circuitBreaker))
 *         .stage(Resilience.consuming(circuitBreaker))
 *         .build();
 * }</pre>
 */
public final class Resilience {
    private Resilience() {}

    /**
     * Runs pass a circuit breaker; {@code BREAKER_OPEN} while it is open. Errors of the handler and its timeout count
     * as failures, with their duration. A run that was lost, released, refused by a later stage or never decoded says
     * nothing about the handler: its permission is given back.
     */
    public static ConsumeStage consuming(CircuitBreaker breaker) {
        return new GatedConsume(new BreakerGate(breaker));
    }

    /**
     * Publishes pass a circuit breaker; {@code BREAKER_OPEN} while it is open. What the broker did not confirm in time,
     * or refused with a retryable code, counts as a failure; what was taken back or was wrong in itself (a topic, a
     * size, a lost lease) gives its permission back.
     */
    public static PublishStage publishing(CircuitBreaker breaker) {
        return new GatedPublish(new BreakerGate(breaker));
    }

    /**
     * Runs pass a rate limiter. Permits are drawn in blocks of at most a tenth of the limit, without parking; who must
     * wait is delayed, with slot and lease; {@code RATE_LIMITED} when that would take longer than the limiter's
     * timeout. A permit of a delivery that ends while it waits is spent. The limiter must be one that reserves permits,
     * as {@code RateLimiter.of} makes them.
     */
    public static ConsumeStage consuming(RateLimiter limiter) {
        return new GatedConsume(new LimiterGate(limiter));
    }

    /** Publishes pass a rate limiter; as {@link #consuming(RateLimiter)}. */
    public static PublishStage publishing(RateLimiter limiter) {
        return new GatedPublish(new LimiterGate(limiter));
    }

    /** Runs pass a bulkhead and are refused with {@code BULKHEAD_FULL} when it is full; nobody waits. */
    public static ConsumeStage consuming(Bulkhead bulkhead) {
        return consuming(bulkhead, Duration.ZERO);
    }

    /**
     * Runs pass a bulkhead. When it is full a run is delayed, with slot and lease, and asks again every 10 ms; {@code
     * BULKHEAD_FULL} when it had no luck for that long.
     *
     * @throws MessagingException {@code BAD_SETTING} when the bulkhead itself would wait, which parks the thread
     */
    public static ConsumeStage consuming(Bulkhead bulkhead, Duration maxWait) {
        return new GatedConsume(new BulkheadGate(bulkhead, maxWait));
    }

    /** Publishes pass a bulkhead and are refused with {@code BULKHEAD_FULL} when it is full; nobody waits. */
    public static PublishStage publishing(Bulkhead bulkhead) {
        return publishing(bulkhead, Duration.ZERO);
    }

    /** Publishes pass a bulkhead; as {@link #consuming(Bulkhead, Duration)}. */
    public static PublishStage publishing(Bulkhead bulkhead, Duration maxWait) {
        return new GatedPublish(new BulkheadGate(bulkhead, maxWait));
    }

    /**
     * The attempts and intervals of a retry as a policy of ours. Settings hold values only, so that equal ones can be
     * told, and a function is none: its intervals are read off and described by first delay, factor, limit and jitter,
     * factor and jitter to a twentieth. That meets fixed and exponential intervals, and randomized ones to two digits;
     * another function is met at its first two intervals and its largest. What an error is worth retrying goes to the
     * consumer: {@code retryOn(config.getExceptionPredicate())}.
     *
     * @throws MessagingException {@code BAD_SETTING} when an interval is out of bounds
     */
    public static RetryPolicy retryPolicy(RetryConfig config) {
        return Intervals.of(config).policy(config.getMaxAttempts() - 1);
    }

    /**
     * As {@link #retryPolicy(RetryConfig)}.
     *
     * @param retries how many repetitions follow the first try
     */
    public static RetryPolicy retryPolicy(IntervalFunction intervals, int retries) {
        return Intervals.of(intervals).policy(retries);
    }
}
