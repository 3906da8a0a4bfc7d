package io.leasehold.publish;

import io.leasehold.pace.FatalErrors;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Runs tasks on the thread that brings them, one at a time, so that a task that brings another does not nest. */
final class Trampoline implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();
    private final Consumer<? super Throwable> onFault;

    Trampoline(Consumer<? super Throwable> onFault) {
        this.onFault = onFault;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            runAll();
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (Throwable fault) {
                onFault.accept(fault);
                FatalErrors.handOn(fault);
            }
        }
    }
}
