package io.leasehold;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The scheduler of a process that may be frozen: its clock goes on, and what became due meanwhile runs only when it is
 * thawed, after the first step that the test lets slip in.
 */
public final class FrozenScheduler implements Scheduler {
    private final Scheduler time;
    private final Queue<Runnable> late = new ArrayDeque<>();
    private boolean frozen;

    public FrozenScheduler(Scheduler time) {
        this.time = time;
    }

    public void freeze() {
        frozen = true;
    }

    /** The process wakes: this runs before any timer that came too late. */
    public void thaw(Runnable first) {
        frozen = false;
        first.run();
        for (Runnable task = late.poll(); task != null; task = late.poll()) {
            task.run();
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    private Runnable guarded(Runnable task, Disposable.Swap timer) {
        return () -> {
            if (timer.isDisposed()) {
                return;
            }
            if (frozen) {
                late.add(() -> {
                    if (!timer.isDisposed()) {
                        task.run();
                    }
                });
            } else {
                task.run();
            }
        };
    }

    @Override
    public Disposable schedule(Runnable task) {
        Disposable.Swap timer = Disposables.swap();
        timer.replace(time.schedule(guarded(task, timer)));
        return timer;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable.Swap timer = Disposables.swap();
        timer.replace(time.schedule(guarded(task, timer), delay, unit));
        return timer;
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            private volatile boolean disposed;

            @Override
            public Disposable schedule(Runnable task) {
                return FrozenScheduler.this.schedule(unlessDisposed(task));
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return FrozenScheduler.this.schedule(unlessDisposed(task), delay, unit);
            }

            private Runnable unlessDisposed(Runnable task) {
                return () -> {
                    if (!disposed) {
                        task.run();
                    }
                };
            }

            @Override
            public void dispose() {
                disposed = true;
            }
        };
    }
}
