package io.leasehold.publish;

import io.leasehold.event.Apart;
import io.leasehold.event.ApartScheduler;
import io.leasehold.pace.DrainLoop;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.TaskLoops;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps what subscribers are to be told. Signals are added within the window's turns and sent off when the turns are
 * over, so that no user code runs within a turn, wherever the user's scheduler may run it.
 */
final class SignalQueue {
    /** Is something that runs user code. */
    interface Signal extends Runnable {
        /** Returns where the signal runs. */
        Executor executor();
    }

    // Not the number of cores: on a given scheduler a run must not depend on the machine.
    private static final int LOOPS = 4;

    private final @Nullable Apart apart;
    private final Consumer<? super Throwable> onFault;
    private final Queue<Signal> signals = new ConcurrentLinkedQueue<>();
    private final Map<Scheduler, TaskLoops> others = new ConcurrentHashMap<>(4);
    private final Executor immediate;
    private final Executor ofUser;

    SignalQueue(TaskLoops user, @Nullable Apart apart, Consumer<? super Throwable> onFault) {
        this.apart = apart;
        this.onFault = onFault;
        this.immediate = new Trampoline(onFault);
        this.ofUser = user::execute;
    }

    /** Returns the executor of the client's user scheduler. */
    Executor ofUser() {
        return ofUser;
    }

    /** Returns loops on another scheduler, one hop per burst; or an executor where the answer is, for immediate. */
    Executor on(Scheduler scheduler) {
        if (scheduler == Schedulers.immediate()) {
            return immediate;
        }
        TaskLoops known = others.get(scheduler);
        return (known == null ? loopsOn(scheduler) : known)::execute;
    }

    // Whoever publishes on schedulers that come and go leaves nothing behind of those that have gone.
    private TaskLoops loopsOn(Scheduler scheduler) {
        others.forEach((other, loops) -> {
            if (other.isDisposed() && others.remove(other, loops)) {
                loops.dispose();
            }
        });
        return others.computeIfAbsent(
                scheduler,
                other -> new TaskLoops(ApartScheduler.of(other, apart), "MessagePublisher.signalOn", LOOPS, onFault));
    }

    /** Gives back what loops hold; what is still to be told is told. */
    void end() {
        others.values().forEach(TaskLoops::dispose);
    }

    /** Keeps a signal until {@link #send()}. */
    void add(Signal signal) {
        signals.add(signal);
    }

    /** Sends off what was added; by whoever is outside of the window's turns. */
    void send() {
        for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
            signal.executor().execute(signal);
        }
    }

    /** Runs tasks on the thread that brings them, one at a time, so that a task that brings another does not nest. */
    private static final class Trampoline implements Executor {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final DrainLoop loop = new DrainLoop();
        private final Runnable runAll = this::runAll;
        private final Consumer<? super Throwable> onFault;

        Trampoline(Consumer<? super Throwable> onFault) {
            this.onFault = onFault;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            loop.enterAndDrain(runAll);
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
}
