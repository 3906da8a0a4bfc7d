package io.leasehold.pace;

import io.leasehold.api.Internal;
import io.leasehold.error.MessagingException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Runs tasks on a scheduler by a few loops that share one queue: one hop per burst instead of one per task, and a
 * slow task holds back none but itself. Each loop keeps to a worker of its own: on a scheduler of single threads, a
 * loop that was given to the thread that a slow task holds would never run, and soon all would be. A loop gives its
 * place back after {@value #TURN} tasks so that others on the same scheduler get their turn.
 */
@Internal
public final class TaskLoops implements Disposable, Burst.Waker {
    private static final int TURN = 512;

    private final Scheduler scheduler;
    private final String setting;
    private final Consumer<? super Throwable> onFault;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Loop[] loops;
    private volatile boolean disposed;

    /**
     * Loops on a scheduler that somebody else owns.
     *
     * @param loopsMax how many loops may run at once
     * @param onFault called when a task threw; the loop goes on
     */
    public TaskLoops(Scheduler scheduler, int loopsMax, Consumer<? super Throwable> onFault) {
        this(scheduler, "a scheduler", loopsMax, onFault);
    }

    /**
     * Loops on a scheduler that somebody else owns.
     *
     * @param setting what has set the scheduler: the error that it takes no task names it
     * @param loopsMax how many loops may run at once
     * @param onFault called when a task threw; the loop goes on
     */
    public TaskLoops(Scheduler scheduler, String setting, int loopsMax, Consumer<? super Throwable> onFault) {
        this.scheduler = scheduler;
        this.setting = setting;
        this.onFault = onFault;
        this.loops = new Loop[loopsMax];
        for (int i = 0; i < loopsMax; i++) {
            loops[i] = new Loop();
        }
    }

    /** Has the task run soon, or after this thread's {@link Burst}; how many wait is bounded by the caller. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (!Burst.putOff(this)) {
            wake();
        }
    }

    @Override
    public void wake(int times) {
        for (int i = 0; i < Math.min(times, loops.length) && !tasks.isEmpty(); i++) {
            wake();
        }
    }

    /** Gives the workers back as they become idle. What is executed later still runs, by a hop of its own. */
    @Override
    public void dispose() {
        disposed = true;
        for (Loop loop : loops) {
            loop.end();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private void wake() {
        for (Loop loop : loops) {
            if (loop.tryWake()) {
                return;
            }
        }
        if (disposed) {
            hop();
        }
    }

    private void hop() {
        try {
            scheduler.schedule(this::lastTurn);
        } catch (RejectedExecutionException closed) {
            onFault.accept(MessagingException.rejectedBy(setting, closed));
        }
    }

    private void lastTurn() {
        turn();
        if (!tasks.isEmpty()) {
            wake();
        }
    }

    private void turn() {
        for (int turn = 0; turn < TURN; turn++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
            FatalErrors.handOn(fault);
        }
    }

    private final class Loop implements Runnable {
        private static final int IDLE = 0;
        private static final int AWAKE = 1;
        private static final int ENDED = 2;

        private final AtomicInteger state = new AtomicInteger();
        private Scheduler.@Nullable Worker worker;

        boolean tryWake() {
            if (state.get() != IDLE || !state.compareAndSet(IDLE, AWAKE)) {
                return false;
            }
            schedule();
            return true;
        }

        private void schedule() {
            try {
                worker = worker == null ? scheduler.createWorker() : worker;
                worker.schedule(this);
            } catch (RejectedExecutionException closed) {
                state.set(IDLE);
                onFault.accept(MessagingException.rejectedBy(setting, closed));
            }
        }

        @Override
        public void run() {
            turn();
            state.set(IDLE);
            if (disposed) {
                end();
            }
            if (!tasks.isEmpty()) {
                wake();
            }
        }

        void end() {
            if (state.compareAndSet(IDLE, ENDED) && worker != null) {
                worker.dispose();
            }
        }
    }
}
