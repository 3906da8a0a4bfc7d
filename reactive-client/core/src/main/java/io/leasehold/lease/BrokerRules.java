package io.leasehold.lease;

import io.leasehold.api.CheckReturnValue;
import java.time.Duration;

/**
 * Says how a broker treats leases and what is written for them, as far as a lease goes by it.
 *
 * @param fenced whether the broker refuses what comes with an old receipt
 * @param crashNanos B, what a restart of the broker may cut off a lease, in nanoseconds
 * @param delaysNaks whether the broker hands a message that was given back out after a delay; else the lease is held
 *     until then, touched, and given back when the delay is over
 * @param answersAll whether what is settled is answered; else only what is refused is: a settlement is done when it is
 *     written, and a touch extends nothing before something is heard that shows that the broker had come to it
 * @param answersProve whether an answer shows that the broker has done it; else old receipts are answered like the
 *     others and ignored, and work that goes on after its own ack ends by the deadline of its lease
 * @param holdNanosMax how long after it was granted a lease ends however often it is touched, in nanoseconds; {@link
 *     Long#MAX_VALUE} for never
 */
@CheckReturnValue
public record BrokerRules(
        boolean fenced,
        long crashNanos,
        boolean delaysNaks,
        boolean answersAll,
        boolean answersProve,
        long holdNanosMax) {
    /** Makes the rules of a broker that needs nothing done in its place. */
    public static BrokerRules of(boolean fenced, Duration crashAllowance) {
        return new BrokerRules(fenced, crashAllowance.toNanos(), true, true, true, Long.MAX_VALUE);
    }
}
