package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how much a consumer does at once. Values only, so that equal settings are equal. */
@CheckReturnValue
public final class FlowSettings {
    /** The upper bound of {@code concurrency}, {@code prefetch} and {@code maxWaiting}. */
    public static final int CONCURRENCY_MAX = 1_000_000;

    private static final FlowSettings DEFAULTS = new Builder().build();

    private final int concurrency;
    private final int prefetch;
    private final int maxWaiting;
    private final @Nullable Duration maxLaneWait;

    private FlowSettings(Builder values) {
        concurrency = values.concurrency;
        prefetch = values.prefetch;
        maxWaiting = values.maxWaiting;
        maxLaneWait = values.maxLaneWait;
    }

    /** Returns the defaults. */
    public static FlowSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.concurrency = concurrency;
        values.prefetch = prefetch;
        values.maxWaiting = maxWaiting;
        values.maxLaneWait = maxLaneWait;
        return values;
    }

    /** Returns how many runs there are at once, orphans included. */
    public int concurrency() {
        return concurrency;
    }

    /** Returns how many deliveries beyond free slots are asked for. */
    public int prefetch() {
        return prefetch;
    }

    /**
     * Returns how many deliveries may wait for their key, their slot or a run before them; 0 for as many as {@link
     * #concurrency}.
     */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Returns how long a delivery waits for its key before it is given back; null for {@code maxHold}. */
    public @Nullable Duration maxLaneWait() {
        return maxLaneWait;
    }

    /** Returns the bound of waiting deliveries. */
    int waitingMax() {
        return maxWaiting == 0 ? concurrency : maxWaiting;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(concurrency, prefetch, maxWaiting, maxLaneWait);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FlowSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "FlowSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int concurrency = 64;
        private int prefetch;
        private int maxWaiting;
        private @Nullable Duration maxLaneWait;

        private Builder() {}

        /**
         * Sets how many runs there are at once, orphans included; 1 to {@value FlowSettings#CONCURRENCY_MAX},
         * default 64.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder concurrency(int runs) {
            concurrency = Bounds.within("leasehold.consumer.concurrency", runs, 1, CONCURRENCY_MAX);
            return this;
        }

        /**
         * Sets how many deliveries beyond free slots are asked for; 0 to {@value FlowSettings#CONCURRENCY_MAX}, default
         * 0.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder prefetch(int deliveries) {
            prefetch = Bounds.within("leasehold.consumer.prefetch", deliveries, 0, CONCURRENCY_MAX);
            return this;
        }

        /**
         * Sets how many deliveries may wait for their key, their slot or a run before them; 0 to {@value
         * #CONCURRENCY_MAX}. Default 0: as many as {@link #concurrency}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxWaiting(int deliveries) {
            maxWaiting = Bounds.within("leasehold.consumer.max-waiting", deliveries, 0, CONCURRENCY_MAX);
            return this;
        }

        /**
         * Sets how long a delivery waits for its key before it is given back; positive, or null, the default, for
         * {@code maxHold}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxLaneWait(@Nullable Duration wait) {
            if (wait != null && !HoldSettings.isPositive(wait)) {
                throw MessagingException.badSetting("leasehold.consumer.max-lane-wait", wait, "positive");
            }
            maxLaneWait = wait;
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public FlowSettings build() {
            return new FlowSettings(this);
        }
    }
}
