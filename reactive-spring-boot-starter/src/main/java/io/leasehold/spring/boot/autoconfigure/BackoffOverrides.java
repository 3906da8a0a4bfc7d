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

    /**
     * Checks each number, and the delays together.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    void check(String firstProperty, String maxProperty) {
        Refusals.check(firstProperty, first, BackoffOverrides::requireFirst);
        Refusals.check(maxProperty, max, value -> new Backoff(Duration.ZERO, value, 1, 0));
        Refusals.check("factor", factor, value -> new Backoff(Duration.ZERO, Duration.ZERO, value, 0));
        Refusals.check("jitter", jitter, value -> new Backoff(Duration.ZERO, Duration.ZERO, 1, value));

        Duration start = first;
        if (start != null) {
            Refusals.check(maxProperty, max, value -> new Backoff(start, value, 2, 0));
        }
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
