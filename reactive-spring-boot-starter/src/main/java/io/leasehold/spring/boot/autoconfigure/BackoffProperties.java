package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Growing delays. What is not set stays as it was.
 *
 * @param first the first delay, 0 or more
 * @param max the longest delay, up to a day; 60 times the first one, and at least a minute, where only that one is set
 * @param factor by what each further delay grows; 1 to 100
 * @param jitter by what part a delay may be longer or shorter; 0 to 1
 */
public record BackoffProperties(
        @Nullable Duration first,
        @Nullable Duration max,
        @Nullable Double factor,
        @Nullable Double jitter) {

    /**
     * Tries each on the core's settings.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public BackoffProperties {
        new BackoffOverrides(first, max, factor, jitter).check("first", "max");
    }

    /** Returns the backoff with what is set here instead. */
    Backoff applyTo(Backoff base) {
        return new BackoffOverrides(first, max, factor, jitter).applyTo(base);
    }
}
