package io.leasehold.lease;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler of a process that is frozen: its clock goes on, nothing that it was given runs. */
final class StoppedTimers implements Scheduler {
    private long nanos;

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    void passUntil(long instant) {
        nanos = instant;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return Disposables.single();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return Disposables.single();
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return Disposables.single();
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return Disposables.single();
            }

            @Override
            public void dispose() {}
        };
    }
}
