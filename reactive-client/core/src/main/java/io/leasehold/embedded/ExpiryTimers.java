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
 * the task comes, and a task that comes early only waits again.
 */
final class ExpiryTimers {
    private static final int LINES_MAX = 32;

    private final Scheduler scheduler;
    private final Exchange exchange;
    private final DelayQueue<Timed> heap = new DelayQueue<>();
    private final List<TimedLine> lines = new ArrayList<>(1);
    private @Nullable Wake wake;

    ExpiryTimers(Scheduler scheduler, Exchange exchange) {
        this.scheduler = scheduler;
        this.exchange = exchange;
    }

    /** The broker's clock. */
    long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Has an element called after a time that others share, instead of when it was to be called before. */
    void armLease(Timed timed, long leaseNanos) {
        long dueNanos = now() + leaseNanos;
        disarm(timed);
        TimedLine line = lineOf(leaseNanos);
        if (line == null || !line.append(timed, dueNanos)) {
            heap.put(timed, dueNanos);
        }
        wakeAt(dueNanos);
    }

    /** Has an element called after a time of its own, instead of when it was to be called before. */
    void armDelay(Timed timed, long delayNanos) {
        long dueNanos = now() + delayNanos;
        disarm(timed);
        heap.put(timed, dueNanos);
        wakeAt(dueNanos);
    }

    /** Has an element called no more. */
    void disarm(Timed timed) {
        heap.remove(timed);
        TimedLine.remove(timed);
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

    void forEach(Consumer<Timed> each) {
        heap.forEach(each);
        lines.forEach(line -> line.forEach(each));
    }

    /** Changes when each element is due; those that share a time must keep their order. */
    void changeAll(Consumer<Timed> change) {
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

    private @Nullable Timed first() {
        Timed first = heap.first();
        for (TimedLine line : lines) {
            Timed other = line.first();
            if (first == null || (other != null && other.isBefore(first))) {
                first = other;
            }
        }
        return first;
    }

    private void wakeForFirst() {
        Timed first = first();
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
        Timed first = first();
        while (first != null && now - first.dueNanos() >= 0) {
            disarm(first);
            first.due();
            first = first();
        }
    }

    /** The one task that waits at the scheduler. */
    private final class Wake {
        private final long atNanos;
        private @Nullable Disposable task;

        Wake(long atNanos) {
            this.atNanos = atNanos;
        }

        void schedule() {
            try {
                long delay = Math.max(0, atNanos - now());
                task = scheduler.schedule(() -> exchange.submit(turn()), delay, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                // The next element to be armed tries again.
                wake = null;
                exchange.fault(closed);
            }
        }

        void cancel() {
            if (task != null) {
                task.dispose();
            }
        }

        private Command turn() {
            return Command.of(this::call);
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
