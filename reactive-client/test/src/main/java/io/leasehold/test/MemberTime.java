package io.leasehold.test;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Is the time of one member: its clock and all its threads. While the member is frozen its clock stands, and what
 * becomes due waits; when it wakes its clock is right at once, as that of a process which was stopped is. Then what the
 * test asked of it and what came over its line runs in its order, and after that the timers, the one that was due first
 * first.
 */
final class MemberTime implements Scheduler {
    private static final long AWAKE = -1;

    private final ScenarioTime time;
    private final Consumer<Throwable> faults;
    // As many as steps that the test takes, and timers that are armed, while the member is frozen.
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private final Queue<Runnable> late = new ArrayDeque<>();
    private long frozenAt = AWAKE;

    MemberTime(ScenarioTime time, Consumer<Throwable> faults) {
        this.time = time;
        this.faults = faults;
    }

    boolean isFrozen() {
        return frozenAt != AWAKE;
    }

    void freeze() {
        frozenAt = time.nanos();
    }

    /** Wakes: the clock shows the true time before anything runs. */
    void thaw() {
        frozenAt = AWAKE;
        runAll(asked);
        runAll(late);
    }

    private void runAll(Queue<Runnable> waiting) {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            run(task);
        }
    }

    /** Runs something as a part of this member, now; while it is frozen, as the first thing after that. */
    void run(Runnable task) {
        run(task, asked);
    }

    private void run(Runnable task, Queue<Runnable> waiting) {
        if (!time.isHere()) {
            time.after(() -> run(task, waiting), 0);
            return;
        }
        if (isFrozen()) {
            waiting.add(task);
            return;
        }

        MemberTime before = time.enter(this);
        try {
            task.run();
        } catch (Throwable thrown) {
            faults.accept(thrown);
        } finally {
            time.enter(before);
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(isFrozen() ? frozenAt : time.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(task, 0);
        timer.arm(unit.toNanos(delay));
        return timer;
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
        Timer timer = new Timer(task, Math.max(1, unit.toNanos(period)));
        timer.arm(unit.toNanos(initial));
        return timer;
    }

    @Override
    public Worker createWorker() {
        return new MemberWorker();
    }

    /** Runs once, or again and again, until it is disposed. */
    private final class Timer implements Disposable, Runnable {
        private final Disposable.Swap armed = Disposables.swap();
        private final Runnable task;
        private final long periodNanos;

        Timer(Runnable task, long periodNanos) {
            this.task = task;
            this.periodNanos = periodNanos;
        }

        void arm(long nanos) {
            armed.replace(time.after(() -> MemberTime.this.run(this, late), nanos));
        }

        @Override
        public void run() {
            if (isDisposed()) {
                return;
            }

            task.run();
            if (periodNanos > 0 && !isDisposed()) {
                arm(periodNanos);
            }
        }

        @Override
        public void dispose() {
            armed.dispose();
        }

        @Override
        public boolean isDisposed() {
            return armed.isDisposed();
        }
    }

    /** Is a thread of the member, until it is disposed. */
    private final class MemberWorker implements Worker {
        private volatile boolean disposed;

        @Override
        public Disposable schedule(Runnable task) {
            return MemberTime.this.schedule(guarded(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return MemberTime.this.schedule(guarded(task), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
            return MemberTime.this.schedulePeriodically(guarded(task), initial, period, unit);
        }

        private Runnable guarded(Runnable task) {
            return () -> {
                if (!isDisposed()) {
                    task.run();
                }
            };
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
