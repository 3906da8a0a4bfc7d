package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how deliveries are put together. Values only, so that equal settings are equal. */
@CheckReturnValue
public final class BatchSettings {
    /** The largest batch. */
    public static final int SIZE_MAX = 10_000;

    private static final BatchSettings DEFAULTS = new Builder().build();

    private final int size;
    private final @Nullable Duration fill;
    private final OnLoss onLoss;

    private BatchSettings(Builder values) {
        size = values.size;
        fill = values.fill;
        onLoss = values.onLoss;
    }

    /** Returns the defaults. */
    public static BatchSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.size = size;
        values.fill = fill;
        values.onLoss = onLoss;
        return values;
    }

    /** Returns how many deliveries a batch has at most. */
    public int size() {
        return size;
    }

    /** Returns how long a batch is filled at most; null for a quarter of the lease time. */
    public @Nullable Duration fill() {
        return fill;
    }

    /** Returns what becomes of a batch when the lease of one of its deliveries is lost. */
    public OnLoss onLoss() {
        return onLoss;
    }

    /**
     * Makes settings of a batch of at most so many, otherwise as the defaults.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static BatchSettings ofSize(int size) {
        return builder().size(size).build();
    }

    /** Says what becomes of a batch that lost one of its leases. */
    public enum OnLoss {
        /** The run is cancelled; when it has ended the others are run again. */
        RERUN,
        /**
         * The run goes on; only the lost delivery is not settled. A newer delivery of its message waits for the end of
         * the run, at most two lease times long, and is given back then. The run is cancelled when all are lost.
         */
        SKIP
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(size, fill, onLoss);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BatchSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "BatchSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int size = 100;
        private @Nullable Duration fill;
        private OnLoss onLoss = OnLoss.RERUN;

        private Builder() {}

        /**
         * Sets how many deliveries a batch has at most; 1 to {@value BatchSettings#SIZE_MAX}, default 100.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder size(int deliveries) {
            size = Bounds.within("batch.size", deliveries, 1, SIZE_MAX);
            return this;
        }

        /**
         * Sets how long a batch is filled at most; zero or longer, or null, the default, for a quarter of the lease
         * time, and never longer than that.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder fill(@Nullable Duration time) {
            if (time != null && time.isNegative()) {
                throw MessagingException.badSetting("batch.fill", time, "0 or longer");
            }
            fill = time;
            return this;
        }

        /**
         * Sets what becomes of a batch when the lease of one of its deliveries is lost; default {@link
         * OnLoss#RERUN}.
         */
        public Builder onLoss(OnLoss then) {
            onLoss = Objects.requireNonNull(then, "batch.on-loss");
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public BatchSettings build() {
            return new BatchSettings(this);
        }
    }
}
