package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * Says how long a broker lends a delivery.
 *
 * @param nanos the lease time T in nanoseconds; {@link Long#MAX_VALUE} for one without end
 * @param renewable whether a touch extends it
 */
@BrokerApi
@CheckReturnValue
public record LeaseTime(long nanos, boolean renewable) {
    /** Is the longest lease time that is not infinite. */
    public static final Duration LIMIT = Duration.ofDays(100);

    /** Is a lease without end: only a settlement or the end of its scope ends it. */
    public static final LeaseTime INFINITE = new LeaseTime(Long.MAX_VALUE, false);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public LeaseTime {
        if (nanos <= 0 || (nanos != Long.MAX_VALUE && nanos > LIMIT.toNanos())) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a lease time of " + nanos + " ns is not in 1 ns.." + LIMIT,
                    "leaseTime",
                    "choose a value within the bounds");
        }
    }

    /** Makes the time of a lease that touches extend. */
    public static LeaseTime renewable(Duration time) {
        return new LeaseTime(time.toNanos(), true);
    }

    /** Makes the time of a lease that nothing extends. */
    public static LeaseTime fixed(Duration time) {
        return new LeaseTime(time.toNanos(), false);
    }

    /** Tells whether the lease has no end. */
    public boolean isInfinite() {
        return nanos == Long.MAX_VALUE;
    }
}
