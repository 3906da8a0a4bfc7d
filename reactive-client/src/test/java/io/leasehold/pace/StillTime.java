package io.leasehold.pace;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A clock that stands still and timers that never ring. */
public final class StillTime implements Scheduler {
    /** The one. */
    public static final StillTime INSTANCE = new StillTime();

    private StillTime() {}

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
        return Schedulers.immediate().createWorker();
    }

    @Override
    public long now(TimeUnit unit) {
        return 0;
    }
}
