package io.leasehold.lease.keeper;

import io.leasehold.error.BrokerFaults;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.BoundResource;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.GuardedFlux;
import io.leasehold.pace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Is the user's side of a lease; made only when somebody asks for it, and what it needs only when it is used. */
final class LeaseHandle implements Lease {
    private static final AtomicReferenceFieldUpdater<LeaseHandle, EndSignals> SIGNALS =
            AtomicReferenceFieldUpdater.newUpdater(LeaseHandle.class, EndSignals.class, "signals");
    private static final AtomicReferenceFieldUpdater<LeaseHandle, BoundResources> BOUND =
            AtomicReferenceFieldUpdater.newUpdater(LeaseHandle.class, BoundResources.class, "bound");

    private final KeptLease lease;
    private final LeaseKeeper keeper;
    private volatile @Nullable BoundResources bound;
    private volatile @Nullable EndSignals signals;

    LeaseHandle(KeptLease lease, LeaseKeeper keeper) {
        this.lease = lease;
        this.keeper = keeper;
    }

    // ---- what the lease tells

    void settled(SettleAnswer how) {
        EndSignals told = signals;
        if (told != null) {
            told.settled(how);
        }
    }

    void lost(LeaseLoss why) {
        EndSignals told = signals;
        if (told != null) {
            told.lost(lease, why);
        }
    }

    @Nullable
    Mono<Void> releaseBound() {
        BoundResources held = bound;
        return held == null ? null : held.release();
    }

    // Made late: what had ended before is told at once, and telling twice changes nothing.
    private EndSignals signals() {
        EndSignals present = signals;
        if (present != null) {
            return present;
        }

        SIGNALS.compareAndSet(this, null, new EndSignals(keeper.cancels()));
        EndSignals made = Objects.requireNonNull(signals);

        switch (lease.state()) {
            case SETTLED -> made.settled(SettleAnswer.DONE);
            case UNKNOWN -> made.settled(SettleAnswer.UNKNOWN);
            case LOST -> made.lost(lease, lease.loss());
            case HELD, SETTLING, WRITTEN -> {
                if (lease.isHeldBack()) {
                    made.settled(SettleAnswer.DONE);
                }
            }
        }

        return made;
    }

    private BoundResources bound() {
        if (bound == null) {
            BOUND.compareAndSet(this, null, new BoundResources(lease, this));
        }
        return Objects.requireNonNull(bound);
    }

    // ---- what the user asks

    @Override
    public boolean isHeld() {
        return lease.isHeld();
    }

    @Override
    public Mono<Void> check() {
        return Mono.defer(() -> isHeld() ? Mono.empty() : refused(ErrorCode.LEASE_LOST));
    }

    @Override
    public Duration remaining() {
        boolean open = lease.state().isOpen();
        return open ? Duration.ofNanos(Math.max(0, lease.deadlineNanos() - lease.now())) : Duration.ZERO;
    }

    @Override
    public Optional<FencingToken> fencingToken() {
        return Optional.ofNullable(lease.grant().token());
    }

    @Override
    public int deliveryCount() {
        return lease.grant().deliveryCount();
    }

    @Override
    public Mono<LeaseLoss> lost() {
        return Mono.defer(() -> signals().told());
    }

    // Where nothing but our own operators follows.
    private Mono<LeaseLoss> ended() {
        return Mono.defer(() -> signals().loss());
    }

    @Override
    public Mono<SettleAnswer> ack() {
        return settling(SettleVerb.ACK, 0, null);
    }

    @Override
    public Mono<SettleAnswer> nak() {
        return settling(SettleVerb.NAK, 0, null);
    }

    @Override
    public Mono<SettleAnswer> nak(Duration delay) {
        return settling(SettleVerb.NAK, Span.nanos(delay), null);
    }

    @Override
    public Mono<SettleAnswer> terminate(String reason) {
        return settling(SettleVerb.TERMINATE, 0, reason);
    }

    private Mono<SettleAnswer> settling(SettleVerb verb, long delayNanos, @Nullable String reason) {
        return Mono.defer(() -> {
                    EndSignals told = signals();
                    return lease.settle(verb, delayNanos, reason) ? told.answer() : replay(verb, told);
                })
                .publishOn(keeper.answers());
    }

    private Mono<SettleAnswer> replay(SettleVerb verb, EndSignals told) {
        SettleVerb before = lease.decidedOrNull();
        if (before == verb) {
            return told.answer();
        }

        keeper.reporter().stale(lease, verb);
        if (before != null) {
            return Mono.error(alreadySettled(verb, before));
        }
        boolean late = verb == SettleVerb.NAK && lease.loss() == LeaseLoss.RUN_OUT;
        return refused(late ? ErrorCode.NAK_TOO_LATE : ErrorCode.LEASE_LOST);
    }

    @Override
    public Mono<Duration> touch() {
        return Mono.defer(() -> {
                    long now = lease.now();
                    if (!lease.holdsAt(now)) {
                        return refused(ErrorCode.LEASE_LOST);
                    }

                    if (!lease.grant().leaseTime().renewable()) {
                        return Mono.error(notRenewable());
                    }

                    Touch touch = Touch.awaited(lease, now);
                    lease.countTouch();
                    keeper.reporter().touched(lease);
                    try {
                        lease.grant().settlement().touch(List.of(touch));
                    } catch (Throwable thrown) {
                        FatalErrors.handOn(thrown);
                        return Mono.error(BrokerFaults.named(thrown, lease.group()));
                    }

                    Mono<LeaseLoss> end = Mono.firstWithSignal(ended(), keeper.at(lease.deadlineNanos()));
                    return touch.answer().takeUntilOther(end).switchIfEmpty(unanswered());
                })
                .publishOn(keeper.answers());
    }

    private static MessagingException notRenewable() {
        return new MessagingException(
                ErrorCode.UNSUPPORTED,
                "the broker extends no lease that it has granted",
                "touch",
                "choose a lease time that is long enough for the work");
    }

    private Mono<Duration> unanswered() {
        return Mono.defer(() -> {
            boolean lost = !lease.isHeld() && lease.lossOrNull() != null;
            return refused(lost ? ErrorCode.LEASE_LOST : ErrorCode.TOUCH_UNANSWERED);
        });
    }

    @Override
    public void progress() {
        lease.progress();
    }

    @Override
    public <R> Mono<BoundResource<R>> bind(Mono<R> acquire, Function<? super R, ? extends Publisher<?>> release) {
        return Mono.defer(() -> bound().bind(acquire, release));
    }

    @Override
    public <T> Flux<T> track(Publisher<T> publisher) {
        return Flux.defer(() -> {
            LeaseOwner owner = lease.owner();
            if (!lease.mayWork() || !owner.childStarted()) {
                return Flux.error(lease.lostException(ErrorCode.LEASE_LOST));
            }
            // Ended where it ends, not where it is cut off: the end of the run waits for the publisher itself.
            // Cut off by a value and not by an error, on which takeUntilOther would not cancel the publisher.
            return GuardedFlux.<T>of(publisher, owner::childEnded)
                    .takeUntilOther(ended().switchIfEmpty(Mono.never()))
                    .concatWith(lossAsError());
        });
    }

    private <T> Mono<T> lossAsError() {
        return Mono.defer(() -> lease.lossOrNull() == null ? Mono.empty() : refused(ErrorCode.LEASE_LOST));
    }

    private <T> Mono<T> refused(ErrorCode code) {
        return Mono.error(lease.lostException(code));
    }

    private static MessagingException alreadySettled(SettleVerb wanted, SettleVerb decided) {
        return new MessagingException(
                ErrorCode.ALREADY_SETTLED,
                "the delivery is settled with " + decided + ", " + wanted + " was not written",
                "lease",
                "settle a delivery once");
    }

    @Override
    public String toString() {
        return "Lease[" + lease.state() + ", remaining=" + remaining() + "]";
    }
}
