package io.leasehold.embedded;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Calls what is due in the broker's turn. One task at most waits at the scheduler, for the nearest instant; it only
 * asks for a turn, in which the clock decides what is due. So nothing fires that was taken out before, however late the
 * task comes, and a task that comes early only waits again.
 */
final class ExpiryTimers {
    private final Scheduler scheduler;
    private final Exchange exchange;
    private final TimedHeap heap = new TimedHeap();
    private @Nullable Wake wake;

    ExpiryTimers(Scheduler scheduler, Exchange exchange) {
        this.scheduler = scheduler;
        this.exchange = exchange;
    }

    /** The broker's clock. */
    long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Has an element called at an instant, instead of when it was to be called before. */
    void arm(Timed timed, long dueNanos) {
        heap.put(timed, dueNanos);
        wakeForFirst();
    }

    /** Has an element called no more. */
    void disarm(Timed timed) {
        heap.remove(timed);
    }

    void forEach(Consumer<Timed> each) {
        heap.forEach(each);
    }

    /** Changes when each element is due. */
    void changeAll(Consumer<Timed> change) {
        heap.changeAll(change);
        wakeForFirst();
    }

    /** Ends waiting for good. */
    void stop() {
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
    }

    private void wakeForFirst() {
        Timed first = heap.first();
        if (first == null || (wake != null && wake.atNanos - first.dueNanos <= 0)) {
            return;
        }
        stop();
        Wake next = new Wake(first.dueNanos);
        wake = next;
        next.schedule();
    }

    private void callDue() {
        long now = now();
        Timed first = heap.first();
        while (first != null && now - first.dueNanos >= 0) {
            heap.remove(first);
            first.due();
            first = heap.first();
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
