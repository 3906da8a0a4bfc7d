package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One history: a seed chooses clients, messages, handlers and faults; trouble comes and goes; in the end everything
 * heals, what is left is worked off, and the clients are closed. The promises are checked all the time.
 */
final class Schedule {
    private static final long MS = 1_000_000L;
    private static final int CLOSE_LEASES = 3;

    private final Mode mode;
    private final SimWorld world;
    private final Plan plan;
    private final Cluster cluster;
    private final SimLane director;

    Schedule(long seed, Mode mode, boolean traced) {
        this.mode = mode;
        this.world = new SimWorld(seed, traced);
        this.plan = Plan.draw(world.random());
        this.director = new SimLane(new SimNode(world, "fate", 0, 0));
        this.cluster = new Cluster(world, plan);
    }

    /** What the schedule of a seed finds, or null. Called by name from outside. */
    static @Nullable String violationOf(long seed, String mode) {
        Violation violation =
                new Schedule(seed, Mode.valueOf(mode), false).run().violation();
        return violation == null ? null : violation.toString();
    }

    /** Lets it happen. */
    SimWorld run() {
        try {
            world.trace("plan", plan.toString());
            cluster.start();
            plot();
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

    // ---- trouble

    private void plot() {
        Plan.Trouble trouble = plan.trouble();
        SplittableRandom random = world.random();
        director.at(0, () -> world.trace("fate", "trouble begins"));
        cluster.network().behave(plan.faults());
        for (int i = 0; i < plan.messages(); i++) {
            int number = i;
            long at = random.nextInt(3) == 0 ? random.nextLong(trouble.spanNanos()) : random.nextLong(50 * MS);
            director.at(at, () -> cluster.seed(number));
        }
        many(trouble.freezes(), this::freeze);
        many(trouble.crashes(), () -> cluster.crash(anyClient()));
        many(trouble.cuts(), () -> anySession().cut(random.nextBoolean()));
        many(trouble.holds(), this::hold);
        many(trouble.restarts(), cluster::restartBroker);
    }

    private void many(int times, Runnable fault) {
        for (int i = 0; i < times; i++) {
            director.at(world.random().nextLong(plan.trouble().spanNanos()), fault);
        }
    }

    private void freeze() {
        SimNode node = cluster.client(anyClient()).node();
        if (node.isRunning()) {
            node.freeze();
            long nanos = world.random().nextLong(2 * plan.leaseNanos());
            director.at(world.now() + nanos, () -> node.thaw(Cluster.WAKE_NANOS));
        }
    }

    private void hold() {
        SimSession session = anySession();
        SimConnection connection = session.connection();
        if (connection == null) {
            return;
        }
        long nanos = world.random().nextLong(plan.leaseNanos());
        SimLine line = world.random().nextBoolean() ? connection.up : connection.down;
        line.hold(nanos);
        world.trace("fate", "holds a line");
        if (world.random().nextInt(3) == 0) {
            director.at(
                    world.now() + nanos / 2, () -> session.cut(world.random().nextBoolean()));
        }
    }

    private int anyClient() {
        return world.random().nextInt(plan.clients());
    }

    private SimSession anySession() {
        return cluster.client(anyClient()).session();
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
        long limit = mode == Mode.LIVENESS ? 3 * plan.leaseNanos() + 100 * MS : 12 * plan.leaseNanos();
        long end = world.now() + limit;
        while (world.violation() == null && world.now() < end && !cluster.isSettled()) {
            world.runUntil(Math.min(end, world.now() + plan.leaseNanos() / 10));
        }
        if (world.violation() == null && !cluster.isSettled()) {
            world.violate(mode == Mode.LIVENESS ? "liveness" : "P12", cluster.unsettled() + " never settled");
        }
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
