package io.leasehold.simulation;

import java.util.SplittableRandom;

/** The trouble of one schedule: what happens when, and to whom. */
final class Plot {
    private static final long MS = 1_000_000L;

    private final SimWorld world;
    private final SplittableRandom random;
    private final Plan plan;
    private final Cluster cluster;
    private final SimLane fate;
    private int published;

    Plot(SimWorld world, Plan plan, Cluster cluster) {
        this.world = world;
        this.random = world.random();
        this.plan = plan;
        this.cluster = cluster;
        this.fate = new SimLane(new SimNode(world, "fate", 0, 0));
    }

    /** Sets the times of everything that will happen. */
    void unfold() {
        cluster.network().behave(plan.faults());
        for (int i = 0; i < plan.messages(); i++) {
            int number = i;
            long at = random.nextInt(3) == 0 ? random.nextLong(plan.trouble().spanNanos()) : random.nextLong(50 * MS);
            fate.at(at, () -> cluster.seed(number));
        }
        Plan.Counts counts = plan.trouble().counts();
        many(counts.freezes(), this::freezeClient);
        many(counts.suspends(), this::suspendClient);
        many(counts.brokerFreezes(), () -> freeze(cluster.server().node(), plan.leaseNanos()));
        many(counts.crashes(), () -> cluster.crash(anyone()));
        many(counts.cuts(), () -> anySession().cut(random.nextBoolean()));
        many(counts.holds(), this::hold);
        many(counts.restarts(), cluster::restartBroker);
        many(counts.purges(), () -> {
            if (random.nextInt(3) == 0) {
                cluster.regroup();
            } else {
                cluster.rob();
            }
        });
        many(plan.errands(), this::runErrand);
        many(plan.extras().floods(), this::flood);
        many(plan.extras().outages(), this::isolate);
    }

    // Others publish so much that the outbound lane of a client is full.
    private void flood() {
        SimClient client = cluster.client(anyone());
        client.trace("has no room for what is to be sent");
        client.session().fullFor(random.nextLong(plan.leaseNanos() * 3 / 2), random.nextBoolean());
    }

    // No connection is had for a while.
    private void isolate() {
        SimSession session = cluster.client(anyone()).session();
        session.unreachableFor(random.nextLong(plan.leaseNanos() * 3 / 2));
        session.cut(random.nextBoolean());
    }

    private void many(int times, Runnable happening) {
        for (int i = 0; i < times; i++) {
            fate.at(random.nextLong(plan.trouble().spanNanos()), happening);
        }
    }

    private int anyone() {
        return random.nextInt(plan.clients());
    }

    private SimSession anySession() {
        return cluster.client(anyone()).session();
    }

    private void freezeClient() {
        freeze(cluster.client(anyone()).node(), 2 * plan.leaseNanos());
    }

    private void freeze(SimNode node, long nanosMax) {
        if (node.isRunning()) {
            node.freeze();
            long nanos = random.nextLong(nanosMax);
            fate.at(world.now() + nanos, () -> node.thaw(Cluster.WAKE_NANOS));
        }
    }

    private void suspendClient() {
        SimNode node = cluster.client(anyone()).node();
        if (node.isRunning()) {
            node.sleep();
            long nanos = 1_000 * MS + random.nextLong(plan.leaseNanos());
            fate.at(world.now() + nanos, () -> node.thaw(0));
        }
    }

    private void hold() {
        SimClient client = cluster.client(anyone());
        SimSession session = client.session();
        SimConnection connection = session.connection();
        if (connection == null) {
            return;
        }
        long nanos = random.nextLong(plan.leaseNanos() * 3 / 2);
        boolean up = random.nextBoolean();
        (up ? connection.up : connection.down).hold(nanos);
        world.trace("fate", up ? "holds what a client sends" : "holds what is sent to a client");
        switch (random.nextInt(3)) {
            case 0 -> unlessHealed(world.now() + nanos / 2, () -> session.cut(random.nextBoolean()));
            case 1 -> stall(client.node(), nanos);
            default -> {}
        }
    }

    // Stands still from some time within a hold until some time after it: on waking, old answers race with deadlines.
    private void stall(SimNode node, long holdNanos) {
        long begin = random.nextLong(holdNanos + 1);
        long end = holdNanos + random.nextLong(plan.leaseNanos() / 2);
        unlessHealed(world.now() + begin, () -> {
            if (node.isRunning()) {
                node.freeze();
                fate.at(world.now() - begin + end, () -> node.thaw(Cluster.WAKE_NANOS));
            }
        });
    }

    // Trouble that is set off by trouble ends with all the other.
    private void unlessHealed(long at, Runnable happening) {
        fate.at(at, () -> {
            if (!cluster.isHealed()) {
                happening.run();
            }
        });
    }

    // ---- what people do

    private void runErrand() {
        int slot = anyone();
        if (random.nextInt(8) == 0) {
            cluster.replace(slot);
            return;
        }
        SimClient client = cluster.client(slot);
        Instance instance = client.instance();
        long some = random.nextLong(plan.leaseNanos());
        int what = random.nextInt(10);
        int number = random.nextInt(4) + 1;
        client.userLane().soon(() -> {
            if (client.isStopping()) {
                return;
            }
            switch (what) {
                case 0, 9 -> {
                    instance.pause();
                    client.userLane().after(some, instance::resume);
                }
                case 1, 2 -> instance.drain(some);
                case 3 -> instance.cancel();
                case 4 -> instance.subscribeTwice();
                case 5 -> instance.reconfigure(number);
                case 6 -> instance.reconfigure(instance.concurrency());
                default -> client.publish("p" + published++);
            }
        });
    }
}
