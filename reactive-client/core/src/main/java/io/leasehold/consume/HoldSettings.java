package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.lease.keeper.LeasePolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how a consumer holds its leases. Values only, so that equal settings are equal. */
@CheckReturnValue
public final class HoldSettings {
    private static final HoldSettings DEFAULTS = new Builder().build();

    private final Duration leaseTime;
    private final @Nullable Duration maxHold;
    private final TouchMode touchMode;
    private final SettlementLevel level;
    private final NakMode nakMode;

    private HoldSettings(Builder values) {
        leaseTime = values.leaseTime;
        maxHold = values.maxHold;
        touchMode = values.touchMode;
        level = values.level;
        nakMode = values.nakMode;
    }

    /** Returns the defaults. */
    public static HoldSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.leaseTime = leaseTime;
        values.maxHold = maxHold;
        values.touchMode = touchMode;
        values.level = level;
        values.nakMode = nakMode;
        return values;
    }

    /** Returns how long the broker lends a delivery, where this client creates the group. */
    public Duration leaseTime() {
        return leaseTime;
    }

    /** Returns how long one run may hold a lease; null for the smaller of 10 lease times and 10 min. */
    public @Nullable Duration maxHold() {
        return maxHold;
    }

    /** Returns when leases are extended by themselves. */
    public TouchMode touchMode() {
        return touchMode;
    }

    /** Returns what "done" means for a settlement. */
    public SettlementLevel level() {
        return level;
    }

    /** Returns whether naks are written or leases run out instead. */
    public NakMode nakMode() {
        return nakMode;
    }

    static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    LeasePolicy policy() {
        Duration hold = maxHold == null ? LeasePolicy.defaultMaxHold(leaseTime) : maxHold;
        return new LeasePolicy(touchMode, LeasePolicy.holdNanos(hold), level, nakMode == NakMode.WRITE);
    }

    /** Says how a delivery is given back. */
    public enum NakMode {
        /** By a nak. */
        WRITE,
        /** Never by a nak: its lease runs out. Avoids the one verb that is dangerous on a broker without fencing. */
        RUN_OUT
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(leaseTime, maxHold, touchMode, level, nakMode);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HoldSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "HoldSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private Duration leaseTime = Duration.ofSeconds(30);
        private @Nullable Duration maxHold;
        private TouchMode touchMode = TouchMode.AUTO;
        private SettlementLevel level = SettlementLevel.CONFIRMED;
        private NakMode nakMode = NakMode.WRITE;

        private Builder() {}

        /**
         * Sets how long the broker lends a delivery, where this client creates the group; positive, at most 100
         * days, default 30 s.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder leaseTime(Duration time) {
            if (!isPositive(time) || time.compareTo(LeaseTime.LIMIT) > 0) {
                throw MessagingException.badSetting(
                        "leasehold.consumer.lease-time", time, "positive and at most " + LeaseTime.LIMIT);
            }
            leaseTime = time;
            return this;
        }

        /**
         * Sets how long one run may hold a lease; positive, {@link LeasePolicy#UNLIMITED} for no limit, or null,
         * the default, for the smaller of 10 lease times and 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxHold(@Nullable Duration limit) {
            if (limit != null && (!isPositive(limit) || limit.compareTo(LeasePolicy.UNLIMITED) > 0)) {
                throw MessagingException.badSetting(
                        "leasehold.consumer.max-hold", limit, "positive and at most " + LeasePolicy.UNLIMITED);
            }
            maxHold = limit;
            return this;
        }

        /** Sets when leases are extended by themselves; default {@link TouchMode#AUTO}. */
        public Builder touchMode(TouchMode mode) {
            touchMode = Objects.requireNonNull(mode, "leasehold.consumer.touch");
            return this;
        }

        /** Sets what "done" means for a settlement; default {@link SettlementLevel#CONFIRMED}. */
        public Builder level(SettlementLevel done) {
            level = Objects.requireNonNull(done, "leasehold.consumer.settlement");
            return this;
        }

        /** Sets whether naks are written or leases run out instead; default {@link NakMode#WRITE}. */
        public Builder nakMode(NakMode mode) {
            nakMode = Objects.requireNonNull(mode, "leasehold.consumer.nak");
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public HoldSettings build() {
            return new HoldSettings(this);
        }
    }
}
