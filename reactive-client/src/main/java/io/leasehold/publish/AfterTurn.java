package io.leasehold.publish;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Keeps the signals of those who want them on whatever thread brings the answer, until that thread has left the
 * window: user code never runs within a turn. One at a time, so that a signal that publishes again does not nest.
 */
final class AfterTurn implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();
    private final Consumer<? super Throwable> onFault;

    AfterTurn(Consumer<? super Throwable> onFault) {
        this.onFault = onFault;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs what was kept, unless somebody is at it; then they run it. */
    void runAll() {
        if (tasks.isEmpty() || work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                run(task);
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }
}
