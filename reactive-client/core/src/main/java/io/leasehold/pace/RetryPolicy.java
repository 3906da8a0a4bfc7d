package io.leasehold.pace;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how often and after what delays something is tried again. Values only, so that equal ones are equal. */
@CheckReturnValue
public final class RetryPolicy {
    /** The most repetitions that can be asked for. */
    public static final int MAX_RETRIES = 1_000_000;

    private static final RetryPolicy DEFAULTS = new Builder().build();
    private static final RetryPolicy NONE = fixed(0, Duration.ZERO);

    private final int retries;
    private final Backoff backoff;

    private RetryPolicy(Builder values) {
        retries = values.retries;
        backoff = values.backoff;
    }

    /** Returns the defaults: 5 repetitions after {@linkplain Backoff#defaults() delays from 100 ms}. */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the policy that never tries again. */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * Returns a policy of some repetitions with {@linkplain Backoff#from growing delays}.
     *
     * @param retries how many repetitions follow the first try, 0 to 1,000,000
     * @param first the first delay, 0 to 1 day
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static RetryPolicy backoff(int retries, Duration first) {
        return builder().retries(retries).backoff(Backoff.from(first)).build();
    }

    /**
     * Returns a policy of some repetitions, always after the same delay.
     *
     * @param retries how many repetitions follow the first try, 0 to 1,000,000
     * @param delay 0 to 1 day
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static RetryPolicy fixed(int retries, Duration delay) {
        return builder().retries(retries).backoff(Backoff.fixed(delay)).build();
    }

    /** Makes a builder that starts from this policy. */
    public Builder mutate() {
        return new Builder().retries(retries).backoff(backoff);
    }

    /** Returns how many repetitions follow the first try. */
    public int retries() {
        return retries;
    }

    /** Returns the delays between the tries. */
    public Backoff backoff() {
        return backoff;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RetryPolicy that && retries == that.retries && backoff.equals(that.backoff);
    }

    @Override
    public int hashCode() {
        return 31 * retries + backoff.hashCode();
    }

    @Override
    public String toString() {
        return "RetryPolicy[retries=" + retries + ", backoff=" + backoff + "]";
    }

    /** Makes a policy; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int retries = 5;
        private Backoff backoff = Backoff.defaults();

        private Builder() {}

        /**
         * Sets how many repetitions follow the first try; default 5, 0 to 1,000,000.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder retries(int repetitions) {
            retries = Bounds.within("retry.retries", repetitions, 0, MAX_RETRIES);
            return this;
        }

        /** Sets the delays between the tries; default {@link Backoff#defaults()}. */
        public Builder backoff(Backoff delays) {
            backoff = Objects.requireNonNull(delays, "retry.backoff");
            return this;
        }

        /** Makes the policy. */
        @CheckReturnValue
        public RetryPolicy build() {
            return new RetryPolicy(this);
        }
    }
}
