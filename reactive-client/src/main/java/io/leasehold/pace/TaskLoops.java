package io.leasehold.pace;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * Runs tasks on a scheduler by a few loops that share one queue: one hop per burst instead of one per task, and a slow
 * task holds back none but itself. A loop gives its place back after {@value #TURN} tasks so that others on the same
 * scheduler get their turn.
 */
public final class TaskLoops {
    private static final int TURN = 512;

    private final Scheduler scheduler;
    private final int loopsMax;
    private final Consumer<? super Throwable> onFault;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger loops = new AtomicInteger();
    private final Runnable loop = this::loop;

    /**
     * Loops on a scheduler that somebody else owns.
     *
     * @param loopsMax how many loops may run at once
     * @param onFault called when a task threw; the loop goes on
     */
    public TaskLoops(Scheduler scheduler, int loopsMax, Consumer<? super Throwable> onFault) {
        this.scheduler = scheduler;
        this.loopsMax = loopsMax;
        this.onFault = onFault;
    }

    /** Has the task run soon; how many wait is bounded by the caller. */
    public void execute(Runnable task) {
        tasks.add(task);
        startLoop();
    }

    private void startLoop() {
        int running = loops.get();
        while (running < loopsMax) {
            if (loops.compareAndSet(running, running + 1)) {
                schedule();
                return;
            }
            running = loops.get();
        }
    }

    private void schedule() {
        try {
            scheduler.schedule(loop);
        } catch (RejectedExecutionException closed) {
            loops.decrementAndGet();
            onFault.accept(closed);
        }
    }

    private void loop() {
        for (int turn = 0; turn < TURN; turn++) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            run(task);
        }
        loops.decrementAndGet();
        if (!tasks.isEmpty()) {
            startLoop();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }
}
