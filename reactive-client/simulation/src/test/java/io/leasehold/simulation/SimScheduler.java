package io.leasehold.simulation;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/** Threads of a node: one lane, or several of which each worker gets one. Its time is the node's. */
final class SimScheduler implements Scheduler {
    private final SimNode node;
    private final SimLane[] lanes;
    private int next;
    private boolean disposed;

    /** So many threads of a node. */
    SimScheduler(SimNode node, int threads) {
        this.node = node;
        this.lanes = new SimLane[threads];
        for (int i = 0; i < threads; i++) {
            lanes[i] = new SimLane(node);
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return unit == TimeUnit.NANOSECONDS ? node.nanos() : unit.convert(node.wallNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        requireOpen();
        return lane().soon(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        requireOpen();
        return lane().after(unit.toNanos(delay), task);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
        requireOpen();
        return new Periodic(lane(), task, unit.toNanos(period)).start(unit.toNanos(initial));
    }

    @Override
    public Worker createWorker() {
        return new SimWorker(lane());
    }

    @Override
    public void init() {
        requireOpen();
    }

    @Override
    public void dispose() {
        disposed = true;
        for (SimLane lane : lanes) {
            lane.closed = true;
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private SimLane lane() {
        next = next + 1 < lanes.length ? next + 1 : 0;
        return lanes[next];
    }

    private void requireOpen() {
        if (disposed) {
            throw Exceptions.failWithRejected();
        }
    }

    /** Runs again and again until it is disposed. */
    private static final class Periodic implements Disposable, Runnable {
        private final SimLane lane;
        private final Runnable task;
        private final long periodNanos;
        private boolean disposed;

        Periodic(SimLane lane, Runnable task, long periodNanos) {
            this.lane = lane;
            this.task = task;
            this.periodNanos = periodNanos;
        }

        Periodic start(long initialNanos) {
            lane.after(initialNanos, this);
            return this;
        }

        @Override
        public void run() {
            if (!disposed) {
                task.run();
                lane.after(Math.max(1, periodNanos), this);
            }
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

    /** One thread, until it is disposed. */
    private final class SimWorker implements Worker {
        private final SimLane lane;
        private boolean gone;

        SimWorker(SimLane lane) {
            this.lane = lane;
        }

        @Override
        public Disposable schedule(Runnable task) {
            requireHere();
            return lane.soon(guarded(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            requireHere();
            return lane.after(unit.toNanos(delay), guarded(task));
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
            requireHere();
            return new Periodic(lane, guarded(task), unit.toNanos(period)).start(unit.toNanos(initial));
        }

        private Runnable guarded(Runnable task) {
            return () -> {
                if (!gone) {
                    task.run();
                }
            };
        }

        private void requireHere() {
            requireOpen();
            if (gone) {
                throw Exceptions.failWithRejected();
            }
        }

        @Override
        public void dispose() {
            gone = true;
        }

        @Override
        public boolean isDisposed() {
            return gone || disposed;
        }
    }
}
