package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.lease.keeper.LeasePolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer holds its leases.
 *
 * @param leaseTime how long the broker lends a delivery, where this client creates the group; default 30 s
 * @param maxHold how long one run may hold a lease; null for min(10 T, 10 min), {@link LeasePolicy#UNLIMITED} for
 * no limit
 * @param touchMode when leases are extended by themselves; default AUTO
 * @param level what "done" means for a settlement; default CONFIRMED
 * @param nakMode whether naks are written or leases run out instead; default WRITE
 */
@CheckReturnValue
public record HoldSettings(
        Duration leaseTime, @Nullable Duration maxHold, TouchMode touchMode, SettlementLevel level, NakMode nakMode) {
    /** The defaults. */
    public static final HoldSettings DEFAULT =
            new HoldSettings(Duration.ofSeconds(30), null, TouchMode.AUTO, SettlementLevel.CONFIRMED, NakMode.WRITE);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public HoldSettings {
        if (!isPositive(leaseTime) || leaseTime.compareTo(LeaseTime.LIMIT) > 0) {
            throw MessagingException.badSetting("leaseTime", leaseTime, "positive and at most " + LeaseTime.LIMIT);
        }
        if (maxHold != null && (!isPositive(maxHold) || maxHold.compareTo(LeasePolicy.UNLIMITED) > 0)) {
            throw MessagingException.badSetting("maxHold", maxHold, "positive and at most " + LeasePolicy.UNLIMITED);
        }
    }

    static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** How a delivery is given back. */
    public enum NakMode {
        /** By a nak. */
        WRITE,
        /** Never by a nak: its lease runs out. Avoids the one verb that is dangerous on a broker without fencing. */
        RUN_OUT
    }

    LeasePolicy policy() {
        Duration hold = maxHold == null ? LeasePolicy.defaultMaxHold(leaseTime) : maxHold;
        return new LeasePolicy(touchMode, LeasePolicy.holdNanos(hold), level, nakMode == NakMode.WRITE);
    }
}
