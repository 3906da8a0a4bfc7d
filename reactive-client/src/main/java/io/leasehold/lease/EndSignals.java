package io.leasehold.lease;

import io.leasehold.error.ErrorCode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells subscribers how a lease ended; made only for leases that somebody subscribed to. */
final class EndSignals {
    private final Sinks.One<SettleAnswer> answer = Sinks.one();
    private final Sinks.One<LeaseLoss> loss = Sinks.one();

    Mono<SettleAnswer> answer() {
        return answer.asMono();
    }

    Mono<LeaseLoss> loss() {
        return loss.asMono();
    }

    void settled(SettleAnswer how) {
        answer.tryEmitValue(how);
        loss.tryEmitEmpty();
    }

    void lost(KeptLease lease, LeaseKeeper keeper, LeaseLoss why) {
        answer.tryEmitError(lease.lostException(unwritten(lease, why)));
        if (loss.currentSubscriberCount() > 0) {
            keeper.cancels().execute(() -> loss.tryEmitValue(why));
        } else {
            loss.tryEmitValue(why);
        }
    }

    // Why a settlement that was decided was not written, as its code.
    private static ErrorCode unwritten(KeptLease lease, LeaseLoss why) {
        return switch (why) {
            case EXPIRED -> ErrorCode.EXPIRED;
            case RUN_OUT -> lease.decided() == Verb.NAK ? ErrorCode.NAK_TOO_LATE : ErrorCode.LEASE_LOST;
            default -> ErrorCode.LEASE_LOST;
        };
    }
}
