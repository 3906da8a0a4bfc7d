package io.leasehold.lease.keeper;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * Tells subscribers how a lease ended; made only for leases that somebody subscribed to. Whoever ends it may be an
 * event loop, and the subscribers are the user's: those of {@link #told()} each have a task of the cancel executor,
 * also when they come late.
 */
final class EndSignals {
    private final Sinks.One<SettleAnswer> answer = Sinks.one();
    private final Sinks.One<LeaseLoss> loss = Sinks.one();
    private final Queue<MonoSink<LeaseLoss>> waiting = new ConcurrentLinkedQueue<>();
    private final CancelExecutor cancels;
    private volatile @Nullable LeaseLoss why;
    private volatile boolean ended;

    EndSignals(CancelExecutor cancels) {
        this.cancels = cancels;
    }

    Mono<SettleAnswer> answer() {
        return answer.asMono();
    }

    /**
     * Gives the loss, for our own operators: on the cancel executor; an end without a loss is told where it happens.
     */
    Mono<LeaseLoss> loss() {
        return loss.asMono();
    }

    /** Gives the loss, or nothing when the lease was settled, for the user. */
    Mono<LeaseLoss> told() {
        return Mono.create(sink -> {
            waiting.add(sink);
            sink.onDispose(() -> waiting.remove(sink));
            if (ended) {
                tell();
            }
        });
    }

    void settled(SettleAnswer how) {
        answer.tryEmitValue(how);
        end(null);
        loss.tryEmitEmpty();
    }

    void lost(KeptLease lease, LeaseLoss reason) {
        answer.tryEmitError(lease.lostException(unwritten(lease, reason)));
        end(reason);
        if (loss.currentSubscriberCount() > 0) {
            cancels.execute(() -> loss.tryEmitValue(reason));
        } else {
            loss.tryEmitValue(reason);
        }
    }

    private void end(@Nullable LeaseLoss reason) {
        why = reason;
        ended = true;
        tell();
    }

    private void tell() {
        LeaseLoss reason = why;
        for (MonoSink<LeaseLoss> sink = waiting.poll(); sink != null; sink = waiting.poll()) {
            MonoSink<LeaseLoss> told = sink;
            cancels.execute(() -> told.success(reason));
        }
    }

    // Why a settlement that was decided was not written, as its code.
    private static ErrorCode unwritten(KeptLease lease, LeaseLoss why) {
        return switch (why) {
            case EXPIRED -> ErrorCode.EXPIRED;
            case RUN_OUT -> lease.decided() == SettleVerb.NAK ? ErrorCode.NAK_TOO_LATE : ErrorCode.LEASE_LOST;
            default -> ErrorCode.LEASE_LOST;
        };
    }
}
