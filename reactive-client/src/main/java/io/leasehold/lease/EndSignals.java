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
        boolean expired = why == LeaseLoss.EXPIRED;
        answer.tryEmitError(lease.lostException(expired ? ErrorCode.EXPIRED : ErrorCode.LEASE_LOST));
        if (loss.currentSubscriberCount() > 0) {
            keeper.cancels().execute(() -> loss.tryEmitValue(why));
        } else {
            loss.tryEmitValue(why);
        }
    }
}
