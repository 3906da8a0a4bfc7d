package io.leasehold.lease;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler of a process that is frozen: its clock goes on, nothing that it was given runs. */
public final class StoppedTimers implements Scheduler {
    private long nanos;
    private long sleptNanos;

    public void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    public void passUntil(long instant) {
        nanos = instant;
    }

    /** The machine sleeps: its wall clock goes on, the monotonic one does not. */
    public void sleep(Duration duration) {
        sleptNanos += duration.toNanos();
    }

    @Override
    public long now(TimeUnit unit) {
        boolean wall = unit.compareTo(TimeUnit.MILLISECONDS) >= 0;
        return unit.convert(wall ? nanos + sleptNanos : nanos, TimeUnit.NANOSECONDS);
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
