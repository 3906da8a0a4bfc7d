package io.leasehold;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The scheduler of a machine that may be suspended: its wall clock goes on, its monotonic clock and timers do not. */
public final class SleepingScheduler implements Scheduler {
    private final Scheduler time;
    private long sleptNanos;

    public SleepingScheduler(Scheduler time) {
        this.time = time;
    }

    /** The machine sleeps and wakes up. */
    public void sleep(Duration duration) {
        sleptNanos += duration.toNanos();
    }

    @Override
    public long now(TimeUnit unit) {
        long nanos = time.now(TimeUnit.NANOSECONDS);
        boolean wall = unit.compareTo(TimeUnit.MILLISECONDS) >= 0;
        return unit.convert(wall ? nanos + sleptNanos : nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return time.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return time.schedule(task, delay, unit);
    }

    @Override
    public Worker createWorker() {
        return time.createWorker();
    }
}
