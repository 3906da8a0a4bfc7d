package io.leasehold.lease.keeper;

import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.Ticker;
import io.leasehold.pace.FatalErrors;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Runs {@code cancel()} and {@code lost()}, apart from the user's scheduler, so that a lost lease reaches its
 * work although every user thread is blocked. Two loops work the queue off; one more starts whenever the oldest
 * task has waited a quarter of the shortest cancel budget, up to 64; a loop ends when nothing waits. There is at
 * most one task per run, per subscriber of {@code lost()} and per signal that a user waits for, so nothing is ever
 * rejected.
 */
public final class CancelExecutor {
    /** Bounds the threads that cancels may take. */
    public static final int THREADS_MAX = 64;

    private static final int LOOPS_AT_REST = 2;
    private static final long PATIENCE_NANOS = 25_000_000L;

    private final Scheduler scheduler;
    private final Scheduler time;
    private final Ticker ticker;
    private final LeaseReporter reporter;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger loops = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Runnable loop = this::loop;

    /**
     * Makes an executor whose loops run on a scheduler.
     *
     * @param scheduler must give each of {@value #THREADS_MAX} tasks a thread of its own
     * @param time where it is checked whether somebody waits too long
     */
    public CancelExecutor(Scheduler scheduler, Scheduler time, Ticker ticker, LeaseReporter reporter) {
        this.scheduler = scheduler;
        this.time = time;
        this.ticker = ticker;
        this.reporter = reporter;
    }

    /** Has the task run as soon as possible. Never blocks, never rejects. */
    public void execute(Runnable task) {
        queue.add(new Waiting(task, ticker.nanos()));
        startLoop(LOOPS_AT_REST);
        watch();
    }

    /**
     * Gives a value that is signalled here, apart from the thread that subscribes: for what users are told by a thread
     * or in a line that serves others.
     */
    public <V> Mono<V> told(V value) {
        return Mono.create(sink -> execute(() -> sink.success(value)));
    }

    private void startLoop(int most) {
        int running = loops.get();
        while (running < most) {
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
            reporter.fault(MessagingException.rejectedBy("MessageClientBuilder.cancelScheduler", closed));
        }
    }

    private void loop() {
        for (Waiting task = queue.poll(); task != null; task = queue.poll()) {
            reporter.cancelDelayed(ticker.nanos() - task.since);
            run(task);
        }
        loops.decrementAndGet();
        if (!queue.isEmpty()) {
            startLoop(LOOPS_AT_REST);
        }
    }

    private void run(Waiting waiting) {
        try {
            waiting.task.run();
        } catch (Throwable fault) {
            reporter.fault(fault);
            FatalErrors.handOn(fault);
        }
    }

    // A check is under way whenever something waits, and only then.
    private void watch() {
        if (!queue.isEmpty() && watched.compareAndSet(false, true)) {
            try {
                time.schedule(this::check, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                watched.set(false);
            }
        }
    }

    private void check() {
        watched.set(false);
        @Nullable Waiting oldest = queue.peek();
        if (oldest != null && ticker.nanos() - oldest.since >= PATIENCE_NANOS) {
            if (loops.get() >= THREADS_MAX) {
                reporter.cancelStarved(queue.size());
            }
            startLoop(THREADS_MAX);
        }
        watch();
    }

    private static final class Waiting {
        private final Runnable task;
        private final long since;

        private Waiting(Runnable task, long since) {
            this.task = task;
            this.since = since;
        }
    }
}
