package io.leasehold.publish;

import io.leasehold.pace.TaskLoops;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where subscribers are told: by loops on a scheduler, one hop per burst, or right after the turn that found it. */
final class Signals {
    private final Consumer<? super Throwable> onFault;
    private final AfterTurn afterTurn;
    private final Executor ofUser;

    Signals(Scheduler user, Consumer<? super Throwable> onFault) {
        this.onFault = onFault;
        this.afterTurn = new AfterTurn(onFault);
        this.ofUser = on(user);
    }

    /** Those of the client's user scheduler. */
    Executor ofUser() {
        return ofUser;
    }

    Executor on(Scheduler scheduler) {
        if (scheduler == Schedulers.immediate()) {
            return afterTurn;
        }
        return new TaskLoops(scheduler, Schedulers.DEFAULT_POOL_SIZE, onFault)::execute;
    }

    /** The calling thread has left the window. */
    void afterTurn() {
        afterTurn.runAll();
    }
}
