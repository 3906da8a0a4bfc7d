package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseGrant;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps the leases of one client: sends the touches that are due, in one flush per tick and broker, and ends leases
 * at their deadlines. It sleeps until the next occupied tick. Other threads arm a lease by putting it in the inbox, a
 * stack whose nodes are the leases themselves; the keeper looks at it one tick later at the latest.
 */
public final class LeaseKeeper {
    private final Ticker ticker;
    private final Scheduler.Worker worker;
    private final CancelExecutor cancels;
    private final Scheduler answers;
    private final LeaseReporter reporter;
    private final TimerWheel wheel = new TimerWheel();
    private final TimerInbox inbox = new TimerInbox();
    private final List<TouchBatch> touches = new ArrayList<>(2);
    private final long originNanos;
    private volatile boolean stopped;
    private Wake wake = Wake.NONE;

    /**
     * Makes a keeper.
     *
     * @param time where it runs; the ticker must read the same scheduler
     * @param cancels where cancels and losses are signalled
     * @param answers where answers to settlements and touches are signalled
     */
    public LeaseKeeper(
            Ticker ticker, Scheduler time, CancelExecutor cancels, Scheduler answers, LeaseReporter reporter) {
        this.ticker = ticker;
        this.worker = time.createWorker();
        ticker.watchedBy(new Watchdog(time, ticker, reporter)::look);
        this.cancels = cancels;
        this.answers = answers;
        this.reporter = reporter;
        this.originNanos = LeaseTerms.floorToTick(ticker.nanos());
    }

    /** Opens the lease of a delivery; it is kept until its owner retires it. */
    public KeptLease open(LeaseGrant grant, LeaseTerms terms, LeasePolicy policy, LeaseOwner owner) {
        KeptLease lease = prepare(grant, terms, policy, owner);
        keep(lease);
        return lease;
    }

    /**
     * Prepares a lease for an owner that is not ready before it knows its lease. Nobody is told of the lease, and no
     * timer of it runs, before {@link #keep}: whoever is told may ask the owner, and a lease may run out at once.
     */
    public KeptLease prepare(LeaseGrant grant, LeaseTerms terms, LeasePolicy policy, LeaseOwner owner) {
        return new KeptLease(this, grant, terms, policy, owner);
    }

    /** Opens a lease that was prepared; once. */
    public void keep(KeptLease lease) {
        reporter.opened(lease);
        arm(lease);
    }

    /** Gives the clock of all leases of this keeper. */
    public Ticker ticker() {
        return ticker;
    }

    /** Gives the executor of cancels. */
    public CancelExecutor cancels() {
        return cancels;
    }

    /** Stops keeping, in its own time: leases that are open end as LOST (CLOSED), unanswered settlements UNKNOWN. */
    public void stop() {
        stopped = true;
        if (schedule(this::endAll, 0) == null) {
            worker.dispose();
        }
    }

    private void endAll() {
        drainInbox();
        for (TimerNode node = wheel.takeAny(); node != null; node = wheel.takeAny()) {
            node.keeperStopped();
        }
        worker.dispose();
    }

    Scheduler answers() {
        return answers;
    }

    LeaseReporter reporter() {
        return reporter;
    }

    /** Has the keeper look at the deadlines of a node. From any thread. */
    void arm(TimerNode node) {
        if (inbox.push(node)) {
            schedule(this::run, LeaseTerms.TICK_NANOS);
        }
        if (stopped) {
            node.keeperStopped();
        }
    }

    /** Completes at an instant, or when the keeper has stopped. */
    <T> Mono<T> at(long instant) {
        return Mono.create(sink -> {
            Disposable task = schedule(sink::success, Math.max(0, instant - ticker.nanos()));
            if (task == null) {
                sink.success();
            } else {
                sink.onDispose(task);
            }
        });
    }

    /** Collects a touch for the flush at the end of this tick. On the keeper's thread. */
    void touchLater(Settlement settlement, TouchItem item) {
        for (TouchBatch batch : touches) {
            if (batch.settlement == settlement) {
                batch.items.add(item);
                return;
            }
        }

        TouchBatch batch = new TouchBatch(settlement, new ArrayList<>());
        batch.items.add(item);
        touches.add(batch);
    }

    private void run() {
        inbox.looking();
        try {
            long now = ticker.sureNanos();
            drainInbox();
            fireDue(now);
            flushTouches();
            sleep(now);
        } catch (Throwable fault) {
            reporter.fault(fault);
            schedule(this::run, LeaseTerms.TICK_NANOS);
        }
    }

    private void drainInbox() {
        TimerNode node = inbox.takeAll();
        while (node != null) {
            TimerNode following = node.inboxNext;
            node.leaveInbox();
            wheel.unlink(node);
            link(node);
            node = following;
        }
    }

    private void fireDue(long now) {
        long nowTick = (now - originNanos) / LeaseTerms.TICK_NANOS;
        for (TimerNode node = wheel.takeDue(nowTick); node != null; node = wheel.takeDue(nowTick)) {
            fire(node, now);
            link(node);
        }
    }

    private void fire(TimerNode node, long now) {
        try {
            node.due(now);
        } catch (Throwable fault) {
            reporter.fault(fault);
        }
    }

    private void link(TimerNode node) {
        long due = node.dueNanos();
        if (due != TimerNode.NEVER) {
            wheel.link(node, -Math.floorDiv(originNanos - due, LeaseTerms.TICK_NANOS));
        }
    }

    private void flushTouches() {
        for (TouchBatch batch : touches) {
            try {
                batch.settlement.touch(batch.items);
            } catch (Throwable fault) {
                // Of one port: the leases of the others are touched nevertheless.
                reporter.fault(fault);
            }
        }
        touches.clear();
    }

    private void sleep(long now) {
        long next = wheel.nextTick();
        if (next == TimerWheel.NO_TICK) {
            wake.cancel();
            wake = Wake.NONE;
            return;
        }

        long delay = Math.max(0, originNanos + next * LeaseTerms.TICK_NANOS - now);
        long at = now + Math.min(delay, Watchdog.INTERVAL_NANOS);

        if (wake.atNanos <= now || at < wake.atNanos) {
            wake.cancel();
            wake = new Wake(at, schedule(this::run, at - now));
        }
    }

    private @Nullable Disposable schedule(Runnable task, long delayNanos) {
        try {
            return worker.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            return null;
        }
    }

    private record Wake(long atNanos, @Nullable Disposable task) {
        private static final Wake NONE = new Wake(Long.MIN_VALUE, null);

        void cancel() {
            if (task != null) {
                task.dispose();
            }
        }
    }

    private record TouchBatch(Settlement settlement, List<TouchItem> items) {}
}
