package io.leasehold;

import io.leasehold.event.Apart;
import io.leasehold.event.ApartScheduler;
import io.leasehold.event.CallerContext;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.keeper.CancelExecutor;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.pace.TaskLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The schedulers of one client: those that were given stay the giver's, the others are made and disposed here. */
final class ClientThreads {
    // Not the number of cores: on a given scheduler a run must not depend on the machine.
    private static final int LOOPS_OF_GIVEN = 4;
    private static final int IDLE_SECONDS = 60;
    private static final int CANCELS_QUEUED_MAX = 100_000;

    private final List<Scheduler> own = new ArrayList<>(2);
    private final List<Runnable> closers = new ArrayList<>(1);
    private final Scheduler timer;
    private final Scheduler time;
    private final Scheduler user;
    private final Ticker ticker;
    private final LeaseKeeper keeper;
    private final TaskLoops users;
    private final Recorder recorder;

    ClientThreads(
            String name,
            @Nullable Scheduler time,
            @Nullable Scheduler user,
            @Nullable Scheduler cancel,
            Recorder to,
            CallerContext callers) {
        Apart apart = Apart.from(callers, to);
        Scheduler timer = given(time, () -> Schedulers.newSingle("leasehold-time-" + name, true));
        this.timer = timer;
        this.time = ApartScheduler.of(timer, apart);
        this.user = ApartScheduler.of(user == null ? Schedulers.parallel() : user, apart);
        this.recorder = to;
        Scheduler cancels = given(
                cancel,
                () -> Schedulers.newBoundedElastic(
                        CancelExecutor.THREADS_MAX,
                        CANCELS_QUEUED_MAX,
                        "leasehold-cancel-" + name,
                        IDLE_SECONDS,
                        true));
        this.ticker = new Ticker(timer);
        CancelExecutor executor = new CancelExecutor(ApartScheduler.of(cancels, apart), this.time, ticker, to);
        this.keeper = new LeaseKeeper(ticker, this.time, executor, this.user, to);
        int loops = user == null ? Schedulers.DEFAULT_POOL_SIZE : LOOPS_OF_GIVEN;
        this.users = new TaskLoops(this.user, "MessageClientBuilder.userScheduler", loops, to::fault);
    }

    private Scheduler given(@Nullable Scheduler scheduler, Supplier<Scheduler> made) {
        if (scheduler != null) {
            return scheduler;
        }
        Scheduler mine = made.get();
        own.add(mine);
        return mine;
    }

    Scheduler time() {
        return time;
    }

    Scheduler user() {
        return user;
    }

    Ticker ticker() {
        return ticker;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    TaskLoops users() {
        return users;
    }

    Mono<Void> dropped(Throwable error) {
        recorder.fault(error);
        return Mono.empty();
    }

    /** Has something done when the client is closed. */
    void onDispose(Runnable last) {
        closers.add(last);
    }

    /** Ends all that was made here: what the keeper still has to tell is told first, cancels under way are finished. */
    void dispose() {
        keeper.stop();
        try {
            time.schedule(this::disposeNow);
        } catch (RejectedExecutionException stopped) {
            disposeNow();
        }
    }

    private void disposeNow() {
        closers.forEach(Runnable::run);
        users.dispose();
        own.forEach(scheduler -> {
            if (scheduler == timer) {
                scheduler.dispose();
            } else {
                scheduler.disposeGracefully().subscribe();
            }
        });
    }
}
