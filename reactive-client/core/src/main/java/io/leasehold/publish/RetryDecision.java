package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.MessageId;
import io.leasehold.pace.RetryPolicy;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells whether a message is written once more, when, and whether an error leaves it unknown what became of the
 * writing.
 */
final class RetryDecision {
    private static final Set<ErrorCode> DOUBTFUL = EnumSet.of(
            ErrorCode.UNKNOWN, ErrorCode.DISCONNECTED, ErrorCode.PUBLISH_TIMEOUT, ErrorCode.CLOSED, ErrorCode.INTERNAL);

    private final RetryPolicy policy;
    private final boolean recognised;

    /**
     * Makes the decision of a policy.
     *
     * @param recognised whether the broker recognises what is written again; if not, what it may have is not
     */
    RetryDecision(RetryPolicy policy, boolean recognised) {
        this.policy = policy;
        this.recognised = recognised;
    }

    /** Tells whether the broker may have what was written before this error. */
    static boolean leavesDoubt(ErrorCode code) {
        return DOUBTFUL.contains(code);
    }

    /** Tells whether anything is ever written again. */
    boolean isEver() {
        return policy.retries() > 0;
    }

    /** Tells whether the error, the number of writings so far and the doubt that they left allow another one. */
    boolean isAllowed(ErrorCode code, int writings, boolean doubtful) {
        return code.retryable() && writings <= policy.retries() && (recognised || !doubtful);
    }

    /** Returns after how many nanoseconds a message is written again. */
    long delayNanos(MessageId id, int writings) {
        return policy.backoff().delayNanos(writings, spread(id, writings));
    }

    /** From 0 to 1: different for each message, and the same when a run is replayed. */
    private static double spread(MessageId id, int writings) {
        int mixed = (id.hashCode() + writings) * 0x9E3779B9;
        return (mixed >>> 8) / (double) (1 << 24);
    }
}
