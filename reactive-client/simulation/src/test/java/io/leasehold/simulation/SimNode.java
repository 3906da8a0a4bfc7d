package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process: its clock, which drifts, and its threads, which stop when it is frozen and for ever when it crashes. The
 * clock goes on while it is frozen; what became due meanwhile runs on waking, each lane in its own order, the lanes
 * in any order.
 */
final class SimNode {
    /** How far a clock may run fast or slow, in millionths. */
    static final int DRIFT_MAX = 1_000;

    // What is shorter is left to the clock's tolerance: then it was no sleep.
    private static final long SLEEP_NANOS_MIN = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE / 2;

    final SimWorld world;
    final String name;
    private final SimClock clock;
    private final List<SimTask> backlog = new ArrayList<>();
    private long hopMaxNanos = 20_000;
    private long lateMaxNanos = 20_000;
    private boolean crashed;
    private long thawedAt = NEVER;
    private long asleepSince = NEVER;
    private long asleepSeq;
    private long frozenAt = NEVER;
    private long sleptAt = NEVER;

    /** A process whose clock is {@code driftPpm} millionths too fast. */
    SimNode(SimWorld world, String name, int driftPpm, long offsetNanos) {
        this.world = world;
        this.name = name;
        this.clock = new SimClock(driftPpm, offsetNanos);
    }

    /** Sets how long a thread may need to get to a task, and how late a timer may be. */
    void latency(long hopNanos, long lateNanos) {
        hopMaxNanos = hopNanos;
        lateMaxNanos = lateNanos;
    }

    /** The monotonic clock now. */
    long nanos() {
        return clock.localAt(world.now());
    }

    /** What the monotonic clock would show if it had not stood still while the machine slept. */
    long agedNanos() {
        return clock.agedAt(world.now());
    }

    /** How far off that this process may be. */
    long agedErrorNanos() {
        return clock.agedErrorNanos();
    }

    /** The wall clock now. */
    long wallNanos() {
        return clock.wallAt(world.now());
    }

    /** What the monotonic clock shows at an instant of true time. */
    long localAt(long trueNanos) {
        return clock.localAt(trueNanos);
    }

    /** The first instant of true time at which the clock shows a value. */
    long trueAt(long localNanos) {
        return clock.trueAt(localNanos);
    }

    /** The instant of true time at which so much has passed on this clock. */
    long trueAfter(long localNanos) {
        return clock.trueAfter(world.now(), localNanos);
    }

    long hopNanos() {
        return world.random().nextLong(hopMaxNanos + 1);
    }

    long latenessNanos() {
        return world.random().nextLong(lateMaxNanos + 1);
    }

    boolean isFrozen() {
        return frozenAt != NEVER;
    }

    boolean isCrashed() {
        return crashed;
    }

    boolean isRunning() {
        return !isFrozen() && !crashed;
    }

    /** The last instant of true time at which it woke up. */
    long thawedAt() {
        return thawedAt;
    }

    /** Stops all threads; the clock goes on. */
    void freeze() {
        frozenAt = world.now();
        world.trace(name, "is frozen");
    }

    /** Wakes up; what became due meanwhile runs within the given time. */
    void thaw(long spreadNanos) {
        if (!isFrozen() || crashed) {
            return;
        }
        thawedAt = world.now();
        world.trace(name, "wakes up");
        if (asleepSince != NEVER && world.now() - asleepSince >= SLEEP_NANOS_MIN) {
            awake();
        }
        asleepSince = NEVER;
        frozenAt = NEVER;
        Map<SimLane, SimLane> seen = new IdentityHashMap<>();
        for (SimTask task : backlog) {
            SimLane lane = task.lane;
            if (seen.put(lane, lane) == null) {
                lane.blockedUntil = thawedAt + world.random().nextLong(spreadNanos + 1);
            }
            task.at = lane.blockedUntil;
            world.add(task);
        }
        backlog.clear();
    }

    /** The machine sleeps: all stands still, the monotonic clock too. */
    void sleep() {
        freeze();
        asleepSince = world.now();
        asleepSeq = world.lastSeq();
    }

    // No timer was due in the sleep: all of them keep their distance on the clock that stood still. What has come from
    // outside meanwhile is there.
    private void awake() {
        long slept = world.now() - asleepSince;
        clock.slept(asleepSince, world.now());
        world.shift(this, slept, asleepSeq);
        List<SimTask> arrived = new ArrayList<>();
        for (SimTask task : backlog) {
            if (task.seq > asleepSeq) {
                arrived.add(task);
            } else {
                task.at += slept;
                world.add(task);
            }
        }
        backlog.clear();
        backlog.addAll(arrived);
        asleepSince = NEVER;
        sleptAt = world.now();
    }

    /** The last instant of true time at which it woke up from a sleep of its machine. */
    long sleptAt() {
        return sleptAt;
    }

    /** Looks at something after a time, if it ran all the while. */
    void check(long nanos, Runnable look) {
        long since = world.now();
        new SimLane(this).at(since + nanos, () -> {
            if (thawedAt < since) {
                look.run();
            }
        });
    }

    /** Ends: no task of it ever runs again. */
    void crash() {
        crashed = true;
        frozenAt = NEVER;
        backlog.clear();
        world.trace(name, "crashes");
    }

    /** Takes a task whose time has come while the node stands still. */
    void keep(SimTask task) {
        backlog.add(task);
    }
}
