package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One history: a seed chooses clients, messages, handlers and faults; trouble comes and goes; in the end everything
 * heals, what is left is worked off, and the clients are closed. The promises are checked all the time.
 */
final class Schedule {
    private static final long MS = 1_000_000L;
    private static final int CLOSE_LEASES = 3;

    private final ScheduleMode mode;
    private final SimWorld world;
    private final Plan plan;
    private final Cluster cluster;

    Schedule(long seed, ScheduleMode mode, boolean traced) {
        this.mode = mode;
        this.world = new SimWorld(seed, traced);
        this.plan = Plan.draw(seed, world.random());
        this.cluster = new Cluster(world, plan);
    }

    /** What the schedule of a seed finds, or null. Called by name from outside. */
    static @Nullable String violationOf(long seed, String mode) {
        BrokenPromise violation =
                new Schedule(seed, ScheduleMode.valueOf(mode), false).run().violation();
        return violation == null ? null : violation.toString();
    }

    /** Lets it happen. */
    SimWorld run() {
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((any, thrown) -> world.uncaught(thrown));
        try {
            return runHeard();
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
    }

    private SimWorld runHeard() {
        try {
            world.trace("plan", plan.toString());
            cluster.start();
            new Plot(world, plan, cluster).unfold();
            world.runUntil(plan.trouble().spanNanos());
            heal();
            finish();
            close();
        } catch (RuntimeException thrown) {
            world.violate("P7", "the simulation was left by " + thrown);
        }
        return world;
    }

    /** What happened. */
    Cluster cluster() {
        return cluster;
    }

    Plan plan() {
        return plan;
    }

    // ---- the end of trouble

    private void heal() {
        if (world.violation() != null) {
            return;
        }
        world.trace("fate", "everything heals");
        cluster.heal();
    }

    private void finish() {
        long limit =
                mode == ScheduleMode.LIVENESS ? turns() * plan.leaseNanosMax() + 100 * MS : 12 * plan.leaseNanosMax();
        long end = world.now() + limit;
        while (world.violation() == null && world.now() < end && !cluster.isSettled()) {
            world.runUntil(Math.min(end, world.now() + plan.leaseNanos() / 10));
        }
        if (world.violation() == null && !cluster.isSettled()) {
            world.violate(
                    mode == ScheduleMode.LIVENESS ? "liveness" : "P12",
                    cluster.ledger().unsettled() + " never settled");
        }
    }

    // What was lost with its batch runs alone the next time, one after the other; and what comes beyond the one that
    // runs may be left to run out by the port.
    private int turns() {
        return 3 + (plan.consumer().batchSize() > 1 ? plan.messages() : 0);
    }

    private void close() {
        if (world.violation() != null) {
            return;
        }
        world.trace("fate", "closes the clients");
        List<Signals.Once<Void>> ends = new ArrayList<>();
        for (int i = 0; i < plan.clients(); i++) {
            ends.add(cluster.client(i).close());
        }
        world.runUntil(world.now() + CLOSE_LEASES * plan.leaseNanos());
        for (int i = 0; i < plan.clients() && world.violation() == null; i++) {
            if (!ends.get(i).isOver()) {
                world.violate("P10", cluster.client(i).name() + " did not close");
            }
            cluster.client(i).checkClosed();
        }
    }
}
