package io.leasehold.lease.keeper;

import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.Span;
import java.time.Duration;

/**
 * Says how leases are kept.
 *
 * @param touchMode when a lease is extended by itself
 * @param maxHoldNanos how long one run may hold a lease, from its first start; {@link Long#MAX_VALUE} for no limit
 * @param level what "done" means for a settlement
 * @param naks whether naks are ever written; without them a lease that would be given back runs out
 */
public record LeasePolicy(TouchMode touchMode, long maxHoldNanos, SettlementLevel level, boolean naks) {
    /** Sets no limit to how long a run may hold its lease. */
    public static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

    /** Makes a policy that touches as long as the work goes on, and settles with an answer. */
    public static LeasePolicy standard(Duration maxHold) {
        return new LeasePolicy(TouchMode.AUTO, holdNanos(maxHold), SettlementLevel.CONFIRMED, true);
    }

    /** Gives a limit of holding in nanoseconds; {@link Long#MAX_VALUE} for {@link #UNLIMITED}. */
    public static long holdNanos(Duration maxHold) {
        return maxHold.compareTo(UNLIMITED) >= 0 ? Long.MAX_VALUE : Span.nanos(maxHold);
    }

    /** Gives the default limit of holding: min(10 T, 10 min). */
    public static Duration defaultMaxHold(Duration leaseTime) {
        Duration ten = leaseTime.multipliedBy(10);
        Duration minutes = Duration.ofMinutes(10);
        return ten.compareTo(minutes) < 0 ? ten : minutes;
    }
}
