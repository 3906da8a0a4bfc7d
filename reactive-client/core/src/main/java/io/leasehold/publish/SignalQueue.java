package io.leasehold.publish;

import io.leasehold.pace.TaskLoops;
import io.leasehold.signal.Apart;
import io.leasehold.signal.ApartScheduler;
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
 * What subscribers are to be told. Signals are found within the window's turns and sent off when the turns are
 * over, so that no user code runs within a turn, wherever the user's scheduler may run it.
 */
final class SignalQueue {
    // Not the number of cores: on a given scheduler a run must not depend on the machine.
    private static final int LOOPS = 4;

    private final @Nullable Apart apart;
    private final Consumer<? super Throwable> onFault;
    private final Queue<Signal> found = new ConcurrentLinkedQueue<>();
    private final Map<Scheduler, TaskLoops> others = new ConcurrentHashMap<>(4);
    private final Executor immediate;
    private final Executor ofUser;

    SignalQueue(TaskLoops user, @Nullable Apart apart, Consumer<? super Throwable> onFault) {
        this.apart = apart;
        this.onFault = onFault;
        this.immediate = new Trampoline(onFault);
        this.ofUser = user::execute;
    }

    /** That of the client's user scheduler. */
    Executor ofUser() {
        return ofUser;
    }

    /** Loops on another scheduler, one hop per burst; or at once, where the answer is. */
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
        found.add(signal);
    }

    /** Sends off what was found; by whoever is outside of the window's turns. */
    void send() {
        for (Signal signal = found.poll(); signal != null; signal = found.poll()) {
            signal.where().execute(signal);
        }
    }
}
