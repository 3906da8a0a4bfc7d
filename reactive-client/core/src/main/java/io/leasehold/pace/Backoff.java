package io.leasehold.pace;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says how long to wait before something is tried again: delays that grow by a factor up to a limit, each spread by a
 * jitter so that many clients do not come back at once. Values only, so that equal ones are equal.
 */
@CheckReturnValue
public final class Backoff {
    /** The longest delay that can be asked for. */
    public static final Duration LIMIT = Duration.ofDays(1);

    private static final Backoff DEFAULTS = new Builder().build();

    private final Duration first;
    private final Duration max;
    private final double factor;
    private final double jitter;

    private Backoff(Builder values) {
        first = values.first;
        max = values.max == null ? longestAfter(values.first) : values.max;
        factor = values.factor;
        jitter = values.jitter;
    }

    /** Returns the defaults: 100 ms, doubling to a minute, with a jitter of one fifth. */
    public static Backoff defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns delays that double from {@code first} to 60 times of it, at least one minute, with a jitter of one fifth.
     *
     * @param first the first delay, 0 to 1 day
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Backoff from(Duration first) {
        return builder().first(first).build();
    }

    /**
     * Returns the same delay again and again, without jitter.
     *
     * @param delay 0 to 1 day
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Backoff fixed(Duration delay) {
        return builder().first(delay).max(delay).factor(1).jitter(0).build();
    }

    private static Duration longestAfter(Duration first) {
        Duration minute = Duration.ofMinutes(1);
        Duration sixty = first.multipliedBy(60);
        Duration longest = sixty.compareTo(minute) > 0 ? sixty : minute;

        return longest.compareTo(LIMIT) > 0 ? LIMIT : longest;
    }

    /**
     * Makes a builder that starts from these delays. A longest delay that follows from the first one goes on to follow
     * from it.
     */
    public Builder mutate() {
        Builder values = new Builder();
        values.first = first;
        values.max = max.equals(longestAfter(first)) ? null : max;
        values.factor = factor;
        values.jitter = jitter;

        return values;
    }

    /** Returns the delay before the first repetition. */
    public Duration first() {
        return first;
    }

    /** Returns the longest delay. */
    public Duration max() {
        return max;
    }

    /** Returns by what each further delay grows. */
    public double factor() {
        return factor;
    }

    /** Returns by what part a delay may be longer or shorter. */
    public double jitter() {
        return jitter;
    }

    /**
     * Returns the delay before a repetition.
     *
     * @param attempt 1 for the first repetition
     * @param random a number from 0 (incl.) to 1 (excl.) that chooses within the jitter
     * @return nanoseconds, 0 or more
     */
    public long delayNanos(int attempt, double random) {
        double grown = first.toNanos() * Math.pow(factor, Math.max(0, attempt - 1));
        double capped = Math.min(grown, (double) max.toNanos());
        double spread = capped * (1 - jitter + 2 * jitter * random);
        return (long) Math.min(spread, (double) max.toNanos());
    }

    /** Returns the longest delay in nanoseconds. */
    public long maxNanos() {
        return max.toNanos();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Backoff that
                && first.equals(that.first)
                && max.equals(that.max)
                && Double.compare(factor, that.factor) == 0
                && Double.compare(jitter, that.jitter) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * first.hashCode() + max.hashCode()) + Double.hashCode(factor)) + Double.hashCode(jitter);
    }

    @Override
    public String toString() {
        return "Backoff[first=" + first + ", max=" + max + ", factor=" + factor + ", jitter=" + jitter + "]";
    }

    /** Makes delays; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private Duration first = Duration.ofMillis(100);
        private @Nullable Duration max;
        private double factor = 2;
        private double jitter = 0.2;

        private Builder() {}

        /**
         * Sets the delay before the first repetition; default 100 ms, 0 to 1 day.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder first(Duration delay) {
            first = Bounds.within("backoff.first", delay, Duration.ZERO, LIMIT);
            return this;
        }

        /**
         * Sets the longest delay, at most 1 day and not below the first one; default 60 times the first delay, at least
         * one minute.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder max(Duration delay) {
            max = Bounds.within("backoff.max", delay, Duration.ZERO, LIMIT);
            return this;
        }

        /**
         * Sets by what each further delay grows; default 2, 1 to 100.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder factor(double times) {
            factor = Bounds.within("backoff.factor", times, 1, 100);
            return this;
        }

        /**
         * Sets by what part a delay may be longer or shorter; default 0.2, 0 to 1.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder jitter(double part) {
            jitter = Bounds.within("backoff.jitter", part, 0, 1);
            return this;
        }

        /**
         * Makes the delays.
         *
         * @throws MessagingException {@code BAD_SETTING} for a longest delay below the first one
         */
        @CheckReturnValue
        public Backoff build() {
            if (max != null) {
                Bounds.within("backoff.max", max, first, LIMIT);
            }

            return new Backoff(this);
        }
    }
}
