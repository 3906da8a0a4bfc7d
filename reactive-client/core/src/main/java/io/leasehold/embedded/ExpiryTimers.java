package io.leasehold.embedded;

import io.leasehold.pace.DelayQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Calls what is due in the broker's turn. One task at most waits at the scheduler, for the nearest instant; it only
 * asks for a turn, in which the clock decides what is due. So nothing fires that was taken out before, however late
 * the task comes, and a task that comes early only waits again. Confined to the broker's turn, but for the clock.
 */
final class ExpiryTimers {
    private static final int LINES_MAX = 32;

    private final Scheduler scheduler;
    private final Consumer<Command> turns;
    private final Consumer<? super Throwable> onFault;
    private final DelayQueue<TimedLine.Entry> heap = new DelayQueue<>();
    private final List<TimedLine> lines = new ArrayList<>(1);
    private @Nullable Wake wake;

    /**
     * Makes timers without entries.
     *
     * @param turns runs a command in its turn
     * @param onFault told when the scheduler takes no task
     */
    ExpiryTimers(Scheduler scheduler, Consumer<Command> turns, Consumer<? super Throwable> onFault) {
        this.scheduler = scheduler;
        this.turns = turns;
        this.onFault = onFault;
    }

    /** Reads the broker's clock. */
    long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Has an entry called after a time that others share, instead of when it was to be called before. */
    void armLease(TimedLine.Entry entry, long leaseNanos) {
        long dueNanos = now() + leaseNanos;
        disarm(entry);

        TimedLine line = lineOf(leaseNanos);
        if (line == null || !line.append(entry, dueNanos)) {
            heap.put(entry, dueNanos);
        }

        wakeAt(dueNanos);
    }

    /** Has an entry called after a time of its own, instead of when it was to be called before. */
    void armDelay(TimedLine.Entry entry, long delayNanos) {
        long dueNanos = now() + delayNanos;
        disarm(entry);
        heap.put(entry, dueNanos);
        wakeAt(dueNanos);
    }

    /** Has an entry called no more. */
    void disarm(TimedLine.Entry entry) {
        heap.remove(entry);
        TimedLine.remove(entry);
    }

    private @Nullable TimedLine lineOf(long leaseNanos) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isOf(leaseNanos)) {
                return lines.get(i);
            }
        }
        if (lines.size() == LINES_MAX) {
            return null;
        }

        TimedLine line = new TimedLine(leaseNanos);
        lines.add(line);
        return line;
    }

    /** Gives each entry to a callback, which may not arm or disarm any. */
    void forEach(Consumer<TimedLine.Entry> each) {
        heap.forEach(each);
        lines.forEach(line -> line.forEach(each));
    }

    /** Changes when each entry is due; those that share a time must keep their order. */
    void changeAll(Consumer<TimedLine.Entry> change) {
        heap.changeAll(change);
        lines.forEach(line -> line.forEach(change));
        wakeForFirst();
    }

    /** Ends waiting for good. */
    void stop() {
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
    }

    private TimedLine.@Nullable Entry first() {
        TimedLine.Entry first = heap.first();
        for (TimedLine line : lines) {
            TimedLine.Entry other = line.first();
            if (first == null || (other != null && other.isBefore(first))) {
                first = other;
            }
        }
        return first;
    }

    private void wakeForFirst() {
        TimedLine.Entry first = first();
        if (first != null) {
            wakeAt(first.dueNanos());
        }
    }

    private void wakeAt(long dueNanos) {
        if (wake != null && wake.atNanos - dueNanos <= 0) {
            return;
        }

        stop();
        Wake next = new Wake(dueNanos);
        wake = next;
        next.schedule();
    }

    private void callDue() {
        long now = now();
        TimedLine.Entry first = first();
        while (first != null && now - first.dueNanos() >= 0) {
            disarm(first);
            first.due();
            first = first();
        }
    }

    /** Is the one task that waits at the scheduler. */
    private final class Wake {
        private final long atNanos;
        private @Nullable Disposable task;

        Wake(long atNanos) {
            this.atNanos = atNanos;
        }

        void schedule() {
            try {
                long delay = Math.max(0, atNanos - now());
                task = scheduler.schedule(() -> turns.accept(Command.of(this::call)), delay, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                // The next entry to be armed tries again.
                wake = null;
                onFault.accept(closed);
            }
        }

        void cancel() {
            if (task != null) {
                task.dispose();
            }
        }

        private void call() {
            if (wake != this) {
                return;
            }

            wake = null;
            try {
                callDue();
            } finally {
                wakeForFirst();
            }
        }
    }
}
