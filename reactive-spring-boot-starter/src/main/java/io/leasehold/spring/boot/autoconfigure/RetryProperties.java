package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and after what delays something is tried again. What is not set stays as it was.
 *
 * @param retries how many repetitions follow the first try; 0 to 1,000,000
 * @param firstDelay the delay before the first repetition, 0 or more; 100 ms where there were no repetitions before
 * @param maxDelay the longest delay; 60 times the first one, and at least a minute, where only that one is set
 * @param factor by what each further delay grows; 1 to 100
 * @param jitter by what part a delay may be longer or shorter; 0 to 1
 */
public record RetryProperties(
        @Nullable Integer retries,
        @Nullable Duration firstDelay,
        @Nullable Duration maxDelay,
        @Nullable Double factor,
        @Nullable Double jitter) {
    private static final Backoff USUAL = Backoff.from(Duration.ofMillis(100));

    /**
     * Tries each on the core's settings.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public RetryProperties {
        Refusals.check("retries", retries, value -> RetryPolicy.builder().retries(value));
        new BackoffOverrides(firstDelay, maxDelay, factor, jitter).check("first-delay", "max-delay");
    }

    /** Returns the policy with what is set here instead. */
    RetryPolicy applyTo(RetryPolicy base) {
        boolean never = base.retries() == 0;
        Backoff delays =
                new BackoffOverrides(firstDelay, maxDelay, factor, jitter).applyTo(never ? USUAL : base.backoff());
        int times = retries == null ? base.retries() : retries;
        return times == 0
                ? RetryPolicy.none()
                : RetryPolicy.builder().retries(times).backoff(delays).build();
    }
}
