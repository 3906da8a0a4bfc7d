package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Some of the four numbers of a backoff. */
record BackoffOverrides(
        @Nullable Duration first,
        @Nullable Duration max,
        @Nullable Double factor,
        @Nullable Double jitter) {

    static Backoff requireFirst(Duration first) {
        return new Backoff(first, Backoff.LIMIT, 1, 0);
    }

    static Backoff requireMax(Duration max) {
        return new Backoff(Duration.ZERO, max, 1, 0);
    }

    static Backoff requireFactor(double factor) {
        return new Backoff(Duration.ZERO, Duration.ZERO, factor, 0);
    }

    static Backoff requireJitter(double jitter) {
        return new Backoff(Duration.ZERO, Duration.ZERO, 1, jitter);
    }

    /** Returns the backoff with these numbers instead, without a longest delay that followed from another first one. */
    Backoff applyTo(Backoff base) {
        Backoff start = first == null ? base : Backoff.from(first);
        return new Backoff(
                start.first(),
                max == null ? start.max() : max,
                factor == null ? base.factor() : factor,
                jitter == null ? base.jitter() : jitter);
    }
}
