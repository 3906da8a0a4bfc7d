package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.pace.RetryPolicy;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a message is written once more, when, and whether an error leaves it unknown what became of the writing.
 */
final class RetryDecision {
    private static final Set<ErrorCode> DOUBTFUL = EnumSet.of(
            ErrorCode.UNKNOWN, ErrorCode.DISCONNECTED, ErrorCode.PUBLISH_TIMEOUT, ErrorCode.CLOSED, ErrorCode.INTERNAL);

    private final RetryPolicy policy;

    RetryDecision(RetryPolicy policy) {
        this.policy = policy;
    }

    /** Whether the broker may have what was written before this error. */
    static boolean leavesDoubt(ErrorCode code) {
        return DOUBTFUL.contains(code);
    }

    boolean isEver() {
        return policy.retries() > 0;
    }

    boolean isAllowed(PendingPublish publish, ErrorCode code) {
        return code.retryable() && publish.writings <= policy.retries() && !publish.isCancelled();
    }

    long delayNanos(PendingPublish publish) {
        return policy.backoff().delayNanos(publish.writings, spread(publish));
    }

    /** From 0 to 1: different for each message, and the same when a run is replayed. */
    private static double spread(PendingPublish publish) {
        int mixed = (publish.id().hashCode() + publish.writings) * 0x9E3779B9;
        return (mixed >>> 8) / (double) (1 << 24);
    }
}
