package io.leasehold.consume;

import io.leasehold.lease.LeaseState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One run of work for several deliveries: they share the try, and each decides its own end. Each member has a run
 * of its own, with which it goes on alone when the batch has failed.
 *
 * <pre>
 *   together -- completes --> each settles
 *       |   `-- fails ------> one by one
 *       `------ one is lost -> together again, without it
 * </pre>
 *
 * <p>Members that go on alone stand in {@code queue}, which only the dispatcher touches: those that cannot take part as
 * soon as that shows, the others when the run together has failed. It starts the first one when the run together has
 * ended, and each further one when the member that ran alone has closed.
 */
final class BatchRun<T> implements Execution.Work {
    private final RunContext<T> context;
    private final Function<? super List<Delivery<T>>, ? extends @Nullable Publisher<?>> work;
    private final AfterFailure afterFailure;
    private final boolean skipsLost;
    private final boolean blocking;
    private final AtomicInteger open;
    private volatile List<HeldDelivery<T>> members;
    private boolean someWait;
    private final Set<Run<T>> left = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<HeldDelivery<T>> queue = new ArrayDeque<>(0);
    private @Nullable HeldDelivery<T> runsAlone;
    private volatile @Nullable Execution together;

    BatchRun(
            RunContext<T> context,
            List<HeldDelivery<T>> members,
            Function<? super List<Delivery<T>>, ? extends @Nullable Publisher<?>> work,
            AfterFailure afterFailure,
            boolean skipsLost,
            boolean blocking) {
        this.blocking = blocking;
        this.context = context;
        this.members = members;
        this.work = work;
        this.afterFailure = afterFailure;
        this.skipsLost = skipsLost;
        this.open = new AtomicInteger(members.size());
    }

    /** What becomes of the members that are still held when the batch did not complete. */
    enum AfterFailure {
        /** The function is called again for them. */
        RERUN,
        /** Each is treated as if it had failed itself, or is given back. */
        DECIDE
    }

    boolean skipsLost() {
        return skipsLost;
    }

    /** Notes that a member is lost; true when its try goes on for others that want it. */
    boolean goesOnWithout(Run<T> lost, @Nullable Execution present) {
        if (!skipsLost || present != together) {
            return false;
        }
        left.add(lost);
        return members.stream().anyMatch(member -> !left.contains(member.currentRun()));
    }

    /** Tells whether the work is the same for all members: done under the leases of all, once, or not at all. */
    boolean isOneWork() {
        return afterFailure == AfterFailure.DECIDE;
    }

    /** Tells whether a try is that of all together, after which each that is still held goes on alone. */
    boolean goesOnAloneAfter(Execution present) {
        return afterFailure == AfterFailure.RERUN && present == together;
    }

    /**
     * Notes that a member has closed; true when a slot is free by that: members that came one by one have one each. In
     * the dispatcher.
     */
    boolean memberClosed(HeldDelivery<T> member) {
        boolean last = open.decrementAndGet() == 0;
        queue.remove(member);
        if (member == runsAlone) {
            startNextAlone();
        }
        return last || isOneWork();
    }

    /** Takes a member out of those that wait to go on alone; true when it was among them. In the dispatcher. */
    boolean leavesQueue(HeldDelivery<T> member) {
        return queue.remove(member);
    }

    /** Makes a try of all that are members now. */
    Execution nextTry() {
        Execution shared = new Execution(this);
        together = shared;
        members.forEach(member -> member.currentRun().joins(this, shared));
        return shared;
    }

    @Override
    public @Nullable Publisher<?> open(Execution execution) {
        List<HeldDelivery<T>> able = new ArrayList<>(members.size());
        for (HeldDelivery<T> member : members) {
            if (member.mayOpen()) {
                able.add(member);
            }
        }
        if (able.size() < members.size()) {
            leaveUnfit(able);
            if (isOneWork()) {
                return null;
            }
        }
        // What was lost at the gate has cancelled this try: the others have another one.
        if (able.isEmpty() || execution.stop() != Execution.Stop.NONE) {
            return null;
        }
        for (HeldDelivery<T> member : able) {
            member.currentRun().begins(blocking, member == able.get(0));
        }
        if (!able.stream().allMatch(member -> member.kept().state().isOpen())) {
            return null;
        }

        return ContextPropagation.publisher(work, List.copyOf(able), context.group());
    }

    // Those that cannot take part end by themselves: their lease is lost, or they go on alone to their end. A stage may
    // let one go on by then, so its turn comes when nobody else of the batch runs.
    private void leaveUnfit(List<HeldDelivery<T>> able) {
        for (HeldDelivery<T> member : members) {
            if (able.contains(member)) {
                continue;
            }
            if (isOneWork()) {
                context.client().users().execute(member.currentRun().nextTry());
            } else {
                member.currentRun().leavesTogether();
                someWait = true;
                context.receiver().execute(() -> waitForTurn(member));
            }
        }

        members = able;
    }

    @Override
    public void emitted(Object element) {
        members.forEach(member -> member.kept().progress());
    }

    @Override
    public Context workContext() {
        return context.receiver().subscriberContext();
    }

    @Override
    public @Nullable Mono<Void> releaseBound() {
        List<Mono<Void>> releases = new ArrayList<>();
        for (HeldDelivery<T> member : members) {
            Mono<Void> release = member.kept().releaseBound();
            if (release != null) {
                releases.add(release);
            }
        }
        return releases.isEmpty() ? null : Flux.concat(releases).then();
    }

    @Override
    public void runCancel(Runnable cancel) {
        context.client().keeper().cancels().execute(cancel);
    }

    @Override
    public void ended(Execution over) {
        members.forEach(member -> member.currentRun().clearAlarm());
        List<HeldDelivery<T>> held = new ArrayList<>(members.size());
        boolean rerun = over.result() != Execution.Result.COMPLETED
                && !over.stop().givesBack()
                && context.receiver().mayRetry()
                && afterFailure == AfterFailure.RERUN;
        for (HeldDelivery<T> member : members) {
            if (rerun && member.kept().state() == LeaseState.HELD) {
                held.add(member);
            } else {
                member.currentRun().decide(over);
            }
        }
        if (!held.isEmpty() && over.stop() == Execution.Stop.LOST) {
            members = held;
            context.client().users().execute(nextTry());
            return;
        }

        if (someWait || !held.isEmpty()) {
            members = List.of();
            context.receiver().execute(() -> goOnAlone(held));
        }
    }

    @Override
    public void undecided(Throwable thrown) {
        members.forEach(member -> member.currentRun().undecided(thrown));
    }

    // ---- in the dispatcher

    // Beside a run of its batch that may be long: what is lost closes now, and what comes too late for this
    // subscription is given back now.
    private void waitForTurn(HeldDelivery<T> member) {
        if (!member.stage().hasSlot()) {
            return;
        }

        queue.add(member);
        if (!member.kept().state().isOpen()) {
            member.review();
        } else if (!context.receiver().isTaking()) {
            member.releaseWaiting();
        }
    }

    private void goOnAlone(List<HeldDelivery<T>> rest) {
        for (HeldDelivery<T> member : rest) {
            // What was lost meanwhile has closed already.
            if (member.stage().hasSlot()) {
                queue.add(member);
            }
        }
        startNextAlone();
    }

    // One after the other in the batch's slot: the next one starts when the one before it has closed.
    private void startNextAlone() {
        if (context.receiver().isEnding()) {
            // None of them is started any more: what is given back need not wait for the answers of those before it.
            List.copyOf(queue).forEach(member -> member.cancel(Execution.Stop.RELEASE));
        }
        HeldDelivery<T> next = queue.poll();
        runsAlone = next;

        if (next != null) {
            context.client().users().execute(next.currentRun().nextTry());
        }
    }
}
