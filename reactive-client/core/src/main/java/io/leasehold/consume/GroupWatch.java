package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.keeper.KeptLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Watches the runs of a group for its dispatcher, and reports: orphans, whose cancel did not end them within J; stalled
 * ones, which have taken half of {@code maxHold}; beginnings, ends and numbers. Confined to the dispatcher.
 *
 * <pre>
 *   running -- lease lost --> awaited -- J later --> ORPHAN -- ended --> ORPHAN_ENDED
 *      `------ half of maxHold ------------------> STALLED
 * </pre>
 */
final class GroupWatch<T> {
    private static final long STALL_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);
    private static final long STALL_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

    private final Dispatcher<T> dispatcher;
    private final Recorder recorder;
    private final GroupNumbers numbers;
    private final Map<HeldDelivery<T>, Long> lostAt = new LinkedHashMap<>();
    private final Set<HeldDelivery<T>> stalled = new HashSet<>();
    private int orphans;
    private boolean known;
    private long signNanos;
    // Whether something has begun after that sign, which is one itself: only the first such beginning is.
    private boolean begunSince;
    private @Nullable Disposable stallLook;

    GroupWatch(Dispatcher<T> dispatcher) {
        this.dispatcher = dispatcher;
        this.recorder = dispatcher.context().recorder();
        this.numbers = new GroupNumbers(
                dispatcher.name(),
                dispatcher.context().keeper().ticker(),
                () -> dispatcher.execute(this::lookAtEdges),
                () -> dispatcher.context().session().unheard(),
                recorder::fault);
    }

    boolean isStalled(HeldDelivery<?> delivery) {
        return stalled.contains(delivery);
    }

    /** Notes what the numbers are after a burst of events. */
    void counted(int waiting, int running) {
        Consumption<T> active = dispatcher.active();
        int limit = active == null ? 0 : active.settings().flow().concurrency();
        numbers.count(waiting, running, limit);
        numbers.reads(active == null ? null : active.portOrNull());

        if (active != null) {
            known();
        } else if (running == 0) {
            stopLooking();
            forget(waiting);
        }
    }

    // From the first instant on: a consumer that never gets anything is one to look at.
    private void known() {
        if (!known) {
            known = true;
            recorder.watching(numbers);
        }
    }

    private void forget(int waiting) {
        if (known && waiting == 0) {
            known = false;
            recorder.forgetting(dispatcher.name());
        }
    }

    /** Notes that a delivery got a slot. */
    void started(HeldDelivery<T> delivery) {
        known();
        recorder.started(dispatcher.name());
        if (!begunSince) {
            begunSince = true;
            signNanos = now();
        }

        if (stallLook == null) {
            lookLater(stallNanos(delivery));
        }
    }

    /** Notes that a run goes on although its lease is lost; its cancel is under way. */
    void lost(HeldDelivery<T> delivery) {
        Run<T> run = delivery.runOrNull();
        BatchRun<T> batch = run == null ? null : run.batch();
        boolean meant = batch != null && batch.skipsLost();
        if (!meant && lostAt.putIfAbsent(delivery, now()) == null) {
            after(delivery.kept().terms().budgetNanos(), () -> lookAtLost(delivery));
        }
    }

    /** Notes that a delivery that had a slot is over, and with it the orphan that it may have been. */
    void ended(HeldDelivery<T> delivery, Outcome outcome, boolean wasOrphan) {
        long now = now();
        KeptLease lease = delivery.kept();
        long nanos = lease.hasStarted() ? now - lease.startedNanos() : 0;
        if (isSettled(outcome.kind())) {
            signNanos = now;
            begunSince = false;
        }
        recorder.ended(dispatcher.name(), endOf(outcome.kind()), outcome.code(), nanos);
        Long since = lostAt.isEmpty() ? null : lostAt.remove(delivery);
        if (since != null) {
            recorder.cancelled(dispatcher.name(), now - since);
        }
        if (wasOrphan) {
            orphans--;
            report(Kind.ORPHAN_ENDED, delivery, ErrorCode.LEASE_LOST);
        }

        if (stalled.remove(delivery) || wasOrphan) {
            numbers.suspects(orphans, stalled.size());
        }
    }

    private static boolean isSettled(Outcome.Kind kind) {
        return switch (kind) {
            case ACKED, NAKED, TERMINATED, DEAD_LETTERED -> true;
            case RELEASED, LOST, UNKNOWN -> false;
        };
    }

    /** Notes that the group is consumed from now on, or again after a pause. */
    void taking() {
        signNanos = now();
        begunSince = false;
    }

    private static RunEnd endOf(Outcome.Kind kind) {
        return switch (kind) {
            case ACKED -> RunEnd.ACKED;
            case NAKED -> RunEnd.NAKED;
            case TERMINATED -> RunEnd.TERMINATED;
            case DEAD_LETTERED -> RunEnd.DEAD_LETTERED;
            case RELEASED -> RunEnd.RELEASED;
            case LOST -> RunEnd.LOST;
            case UNKNOWN -> RunEnd.UNKNOWN;
        };
    }

    private void lookAtLost(HeldDelivery<T> delivery) {
        if (lostAt.containsKey(delivery) && !delivery.isIdle() && delivery.stage() == DeliveryStage.STARTED) {
            delivery.stage(DeliveryStage.ORPHAN);
            orphans++;
            numbers.suspects(orphans, stalled.size());
            report(Kind.ORPHAN, delivery, ErrorCode.LEASE_LOST);
        }
    }

    // ---- runs that take long

    private static long stallNanos(HeldDelivery<?> delivery) {
        long maxHold = delivery.kept().maxHoldNanos();
        return Math.max(STALL_NANOS_MIN, Math.min(maxHold / 2, STALL_NANOS_MAX));
    }

    private void lookForStalled() {
        stallLook = null;
        long now = now();
        long next = Long.MAX_VALUE;
        for (HeldDelivery<T> delivery : dispatcher.held()) {
            if (delivery.stage().hasSlot()) {
                long from = Math.min(now, delivery.kept().startedNanos());
                long left = from + stallNanos(delivery) - now;
                if (left <= 0) {
                    noteStalled(delivery);
                } else {
                    next = Math.min(next, left);
                }
            }
        }

        if (next != Long.MAX_VALUE) {
            lookLater(next);
        }
    }

    private void noteStalled(HeldDelivery<T> delivery) {
        if (delivery.kept().isHeld() && !delivery.isIdle() && stalled.add(delivery)) {
            numbers.suspects(orphans, stalled.size());
            report(Kind.STALLED, delivery, null);
        }
    }

    private void lookLater(long nanos) {
        stallLook = after(nanos, this::lookForStalled);
    }

    private void stopLooking() {
        Disposable present = stallLook;
        if (present != null) {
            stallLook = null;
            present.dispose();
        }
    }

    private @Nullable Disposable after(long nanos, Runnable look) {
        try {
            return dispatcher.context().time().schedule(() -> dispatcher.execute(look), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }

    // ---- what others want to see

    private void lookAtEdges() {
        GroupNumbers.Edges edges = GroupNumbers.Edges.NONE;
        for (HeldDelivery<T> delivery : dispatcher.held()) {
            // Another broker would hold it itself.
            if (delivery.stage() != DeliveryStage.DELAYED) {
                edges = edges.with(
                        delivery.kept().grant().anchorNanos(), delivery.kept().deadlineNanos());
            }
        }

        numbers.edges(edges);
    }

    /** Shows everything that is held, as it stands. */
    GroupHoldings holdings() {
        List<HeldItem> items = new ArrayList<>();
        for (HeldDelivery<T> delivery : dispatcher.held()) {
            items.add(HeldItem.of(delivery));
        }
        Consumption<T> active = dispatcher.active();
        HoldSettings hold = active == null ? null : active.settings().hold();

        return new GroupHoldings(
                dispatcher.name(),
                active != null && active.isTaking(),
                numbers.limit(),
                stalled.size(),
                stuck(),
                Duration.ofNanos(Math.max(0, now() - signNanos)),
                hold == null ? Duration.ZERO : hold.leaseTime(),
                items);
    }

    private int stuck() {
        int stuck = 0;
        for (HeldDelivery<T> delivery : dispatcher.held()) {
            Run<T> run = delivery.runOrNull();
            boolean ignored = run != null && !run.isIdle() && run.isCancelled();
            boolean idles = ignored
                    || delivery.stage() == DeliveryStage.ORPHAN
                    || delivery.kept().lacksProgress();
            stuck += delivery.stage().hasSlot() && idles ? 1 : 0;
        }

        return stuck;
    }

    private void report(Kind kind, HeldDelivery<T> delivery, @Nullable ErrorCode code) {
        HeldReport seen = HeldItem.of(delivery).report(now());
        String subject = dispatcher.name() + "/" + delivery.topic();
        Map<String, Object> facts = Map.of(
                "delivery", seen,
                "id", Objects.requireNonNullElse(seen.about().id(), ""),
                "deliveryCount", seen.about().deliveryCount(),
                "held", seen.lease().age());
        recorder.event(new MessagingEvent(kind, subject, code, facts));
    }

    private long now() {
        return dispatcher.context().keeper().ticker().nanos();
    }
}
