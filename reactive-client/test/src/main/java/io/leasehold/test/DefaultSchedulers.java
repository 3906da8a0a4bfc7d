package io.leasehold.test;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Makes Reactor's default schedulers virtual: what a handler does with {@code Mono.delay} or {@code timeout} takes the
 * time of the member that it runs in, and stands still with it. The threads of blocking handlers stay real.
 */
final class DefaultSchedulers implements Schedulers.Factory {
    private static final String CLIENTS_OWN = "leasehold-";

    private final ScenarioTime time;

    private DefaultSchedulers(ScenarioTime time) {
        this.time = time;
    }

    /** Puts them in place of the present ones; gives what puts those back. */
    static Disposable replacedBy(ScenarioTime time) {
        Schedulers.Snapshot before = Schedulers.setFactoryWithSnapshot(new DefaultSchedulers(time));
        return () -> Schedulers.resetFrom(before);
    }

    @Override
    public Scheduler newBoundedElastic(int threadCap, int queuedTaskCap, ThreadFactory threads, int ttlSeconds) {
        return isOfClient(threads)
                ? Schedulers.Factory.super.newBoundedElastic(threadCap, queuedTaskCap, threads, ttlSeconds)
                : new OfWhoeverRuns();
    }

    @Override
    public Scheduler newThreadPerTaskBoundedElastic(int threadCap, int queuedTaskCap, ThreadFactory threads) {
        return isOfClient(threads)
                ? Schedulers.Factory.super.newThreadPerTaskBoundedElastic(threadCap, queuedTaskCap, threads)
                : new OfWhoeverRuns();
    }

    @Override
    public Scheduler newParallel(int parallelism, ThreadFactory threads) {
        return new OfWhoeverRuns();
    }

    @Override
    public Scheduler newSingle(ThreadFactory threads) {
        return new OfWhoeverRuns();
    }

    private static boolean isOfClient(ThreadFactory threads) {
        return threads instanceof Supplier<?> named
                && String.valueOf(named.get()).startsWith(CLIENTS_OWN);
    }

    /** Is the time of the member whose code runs, else that of the test. */
    private final class OfWhoeverRuns implements Scheduler {
        private Scheduler present() {
            MemberTime current = time.current();
            return current == null ? time : current;
        }

        @Override
        public long now(TimeUnit unit) {
            return present().now(unit);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return present().schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return present().schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
            return present().schedulePeriodically(task, initial, period, unit);
        }

        @Override
        public Worker createWorker() {
            return present().createWorker();
        }
    }
}
