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

    /**
     * Checks each number, and the delays together.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    void check(String firstProperty, String maxProperty) {
        Refusals.check(firstProperty, first, value -> Backoff.builder().first(value));
        Refusals.check(maxProperty, max, value -> Backoff.builder().max(value));
        Refusals.check("factor", factor, value -> Backoff.builder().factor(value));
        Refusals.check("jitter", jitter, value -> Backoff.builder().jitter(value));

        Duration start = first;
        if (start != null) {
            Refusals.check(
                    maxProperty,
                    max,
                    value -> Backoff.builder().first(start).max(value).build());
        }
    }

    /** Returns the backoff with these numbers instead, without a longest delay that followed from another first one. */
    Backoff applyTo(Backoff base) {
        Backoff start = first == null ? base : Backoff.from(first);
        return Backoff.builder()
                .first(start.first())
                .max(max == null ? start.max() : max)
                .factor(factor == null ? base.factor() : factor)
                .jitter(jitter == null ? base.jitter() : jitter)
                .build();
    }
}
