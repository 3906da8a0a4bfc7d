package io.leasehold.lease;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * The arithmetic of one lease time: where the deadlines lie that keep us on the safe side of the broker's own timer.
 *
 * <pre>
 *   work deadline = s + (T-B)(1-rho)/(1+rho) - J        send deadline = work deadline - N
 *   J = max(100 ms, T/100)    N = 0 if fenced, else max(250 ms, 4 RTT)    rho = 1/1000
 * </pre>
 *
 * s is the instant before the request that caused the grant was sent. The proof that the work deadline lies at
 * least J before the broker's expiry, whatever the network does, is in {@code CONTRIBUTING.md}; it follows Gray and
 * Cheriton, "Leases" (1989), with bounded clock rates.
 *
 * @param leaseNanos T, in nanoseconds
 * @param crashNanos B, what a restart of the broker may cut off a lease
 * @param guardNanos N, how long a settlement may be under way on a broker that does not check tokens
 * @param rules how the broker treats leases
 */
@CheckReturnValue
public record LeaseTerms(long leaseNanos, long crashNanos, long guardNanos, BrokerRules rules) {
    /** Is the resolution of all deadlines, in nanoseconds. */
    public static final long TICK_NANOS = 10_000_000L;

    private static final long BUDGET_MIN_NANOS = 100_000_000L;
    private static final long GUARD_MIN_NANOS = 250_000_000L;
    private static final long NEVER_NANOS = Duration.ofDays(36_500).toNanos();

    /** Makes the terms of a lease time on a broker. */
    public static LeaseTerms of(LeaseTime time, boolean fenced, Duration crashAllowance, Duration roundTrip) {
        return of(time, BrokerRules.of(fenced, crashAllowance), roundTrip);
    }

    /** Makes the terms of a lease time on a broker of some rules. */
    public static LeaseTerms of(LeaseTime time, BrokerRules rules, Duration roundTrip) {
        return new LeaseTerms(time.nanos(), rules.crashNanos(), guardNanos(rules.fenced(), roundTrip), rules);
    }

    /** Tells whether the broker refuses what comes with an old receipt. */
    public boolean fenced() {
        return rules.fenced();
    }

    private static long guardNanos(boolean fenced, Duration roundTrip) {
        return fenced ? 0 : Math.max(GUARD_MIN_NANOS, 4 * roundTrip.toNanos());
    }

    /** Tells whether these are the terms of a lease time on the same broker at another moment. */
    public boolean areThoseOf(LeaseTime time, Duration roundTrip) {
        return leaseNanos == time.nanos() && guardNanos == guardNanos(fenced(), roundTrip);
    }

    /** Gives the same terms for another lease time, as a touch may bring one. */
    public LeaseTerms withLeaseNanos(long nanos) {
        return nanos == leaseNanos ? this : new LeaseTerms(nanos, crashNanos, guardNanos, rules);
    }

    /**
     * Returns these terms when the lease time leaves room for work.
     *
     * @throws MessagingException {@link ErrorCode#LEASE_TIME_TOO_SHORT} when {@code T <= 4(J+B+N)}
     */
    @CanIgnoreReturnValue
    public LeaseTerms require() {
        long least = 4 * (budgetNanos() + crashNanos + guardNanos);
        if (leaseNanos <= least) {
            throw new MessagingException(
                    ErrorCode.LEASE_TIME_TOO_SHORT,
                    "a lease time of " + Duration.ofNanos(leaseNanos) + " leaves no room for the safety margins",
                    "leaseTime",
                    "choose more than " + Duration.ofNanos(least));
        }
        return this;
    }

    /** Gives J, the time within which a cancelled run is expected to have stopped, in nanoseconds. */
    public long budgetNanos() {
        return Math.max(BUDGET_MIN_NANOS, isInfinite() ? 0 : leaseNanos / 100);
    }

    /** Gives the instant at which work is cancelled, rounded down to a tick. */
    public long workDeadline(long anchor) {
        if (isInfinite()) {
            return anchor + NEVER_NANOS;
        }
        return floorToTick(anchor + sureNanos() - budgetNanos());
    }

    private long sureNanos() {
        return sureNanos(leaseNanos, crashNanos);
    }

    /**
     * Returns what is left of a lease time T on our clock when the broker's is as fast, and ours as slow, as they may
     * be, and the broker was restarted: (T-B)(1-rho)/(1+rho), in nanoseconds.
     */
    public static long sureNanos(long leaseNanos, long crashNanos) {
        return (leaseNanos - crashNanos) / 1001 * 999;
    }

    /**
     * Gives the latest instant from which a lease that was granted at another one may be counted, where it ends at the
     * broker some time after that however often it is touched: {@code granted + (H-T)(1-rho)/(1+rho)}, from which the
     * work deadline is {@code granted + (H-B)(1-rho)/(1+rho) - J}. {@link Long#MAX_VALUE} where touches have no end.
     */
    public long lastAnchor(long granted) {
        long holdNanos = rules.holdNanosMax();
        boolean endless = holdNanos == Long.MAX_VALUE || isInfinite();
        return endless ? Long.MAX_VALUE : granted + sureNanos(holdNanos - leaseNanos, 0);
    }

    /** Gives the instant from which an ack or a terminate may no longer be written. */
    public long sendDeadline(long workDeadline) {
        return workDeadline - guardNanos;
    }

    /**
     * Gives the instant from which a nak may no longer be written. On a broker that does not check tokens it may be
     * under way for T/4, and must have arrived before the broker could end the lease, restarted and with its clock
     * fast.
     */
    public long nakDeadline(long anchor, long workDeadline) {
        long send = sendDeadline(workDeadline);
        return fenced() || isInfinite() ? send : Math.min(send, anchor + sureNanos() - leaseNanos / 4);
    }

    /**
     * Gives the least delay of a nak that is written while its run goes on, which is cancelled J later:
     * 2J(1+rho)/(1-rho)+B, so that J is left when the broker's clock is as fast, and ours as slow, as they may be, and
     * it was restarted.
     */
    public long nakDelayNanosMin() {
        return 2 * budgetNanos() / 999 * 1001 + crashNanos;
    }

    /** Gives the least time that must be left for a run to be started, in nanoseconds. */
    public long startNanosMin() {
        return Math.max(2 * budgetNanos(), isInfinite() ? 0 : leaseNanos / 10);
    }

    /** Gives the time that a nak waits for the end of its run after a cancel, in nanoseconds: min(2 s, T/8). */
    public long nakPatienceNanos() {
        return isInfinite() ? 2_000_000_000L : Math.min(2_000_000_000L, leaseNanos / 8);
    }

    /** Tells whether nothing but a settlement ends the lease. */
    public boolean isInfinite() {
        return leaseNanos == Long.MAX_VALUE;
    }

    /** Rounds an instant down to a tick. */
    @Internal
    public static long floorToTick(long nanos) {
        return Math.floorDiv(nanos, TICK_NANOS) * TICK_NANOS;
    }
}
