package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The processes of one schedule: the broker, the clients and what lies between them. */
final class Cluster {
    /** Within what time a thawed process gets to everything that had waited. */
    static final long WAKE_NANOS = 20_000_000L;

    /** The limit of {@code close()}: answers to settlements and publishes are waited for, each for a time. */
    static final long CLOSE_NANOS = 4_000_000_000L;

    static final String GROUP = "workers";
    static final String TOPIC = "work";
    static final String DEAD = "dead";
    static final String DERIVED = "derived";

    private final SimWorld world;
    private final Plan plan;
    private final SimNetwork network;
    private final CoreBroker core;
    private final LeaseLedger ledger;
    private final SimServer server;
    private final SimOracle oracle;
    private final OutcomeRules outcomes;
    private final List<SimClient> clients = new ArrayList<>();
    private int generations;
    private boolean healed;

    Cluster(SimWorld world, Plan plan) {
        this.world = world;
        this.plan = plan;
        this.network = new SimNetwork(world);
        SimNode node = new SimNode(world, "broker", drift(), offset());
        this.core = CoreBroker.of(node, plan.broker(), plan.extras());
        this.ledger = new LeaseLedger(node, core.capabilities());
        this.server = new SimServer(node, core.broker(), ledger);
        long slack = 2 * plan.trouble().latencyNanos() + 1_000_000L;
        long crash = core.capabilities().crashAllowance().toNanos();
        this.oracle = new SimOracle(world, new SimOracle.Terms(plan, crash, slack, WAKE_NANOS));
        this.outcomes = new OutcomeRules(world, plan, slack);
    }

    void start() {
        makeGroup();
        for (int i = 0; i < plan.clients(); i++) {
            clients.add(newClient(i));
        }
    }

    private void makeGroup() {
        Duration lease = Duration.ofNanos(plan.leaseNanos());
        server.makeGroup(new GroupSpec(GROUP, TopicFilter.of(TOPIC), lease, StartPosition.EARLIEST));
    }

    private SimClient newClient(int slot) {
        String name = "client" + (char) ('A' + slot) + (generations < plan.clients() ? "" : generations);
        generations++;
        SimNode node = new SimNode(world, name, drift(), offset());
        node.latency(plan.trouble().latencyNanos(), plan.trouble().latencyNanos());
        return new SimClient(this, node, plan);
    }

    // The extremes are what the margins must stand.
    private int drift() {
        return switch (world.random().nextInt(4)) {
            case 0 -> SimNode.DRIFT_MAX;
            case 1 -> -SimNode.DRIFT_MAX;
            default -> world.random().nextInt(2 * SimNode.DRIFT_MAX + 1) - SimNode.DRIFT_MAX;
        };
    }

    private long offset() {
        return world.random().nextLong(1L << 42) - (1L << 41);
    }

    /** Publishes a message at the broker itself. */
    void seed(int number) {
        String name = "m" + number;
        Message message = Message.to(TOPIC).id(name).body(name);
        if (plan.keys() > 0) {
            message = message.key("k" + number % plan.keys());
        }
        server.seed(message);
    }

    void crash(int slot) {
        SimClient client = clients.get(slot);
        client.session().cut(world.random().nextBoolean());
        client.node().crash();
        oracle.crashed(client);
        clients.set(slot, newClient(slot));
    }

    /** Closes a client, however it fares, and starts another one in its place. */
    void replace(int slot) {
        SimClient client = clients.get(slot);
        clients.set(slot, newClient(slot));
        client.userLane().soon(() -> {
            Signals.Once<Void> end = client.close();
            client.node().check(CLOSE_NANOS, () -> {
                if (!end.isOver()) {
                    world.violate("P10", client.name() + " did not close");
                }
                client.checkClosed();
            });
        });
    }

    void restartBroker() {
        world.trace("broker", "is restarted");
        for (SimClient client : clients) {
            client.session().cut(world.random().nextBoolean());
        }
        // Where leases belong to connections, they have ended with these.
        if (!capabilities().leasesEndWithConnection()) {
            core.restart();
        }
    }

    /** Deletes the group and makes it anew. */
    void regroup() {
        world.trace("broker", "deletes the group and makes it anew");
        ledger.purged();
        server.tell(world.random().nextBoolean());
        core.broker().deleteGroup(GROUP);
        makeGroup();
    }

    /** Somebody outside frees a lease: the message goes to whoever is next, perhaps to the same client. */
    void rob() {
        List<SimGrant> leased = ledger.leased();
        if (!leased.isEmpty()) {
            boolean any = world.random().nextBoolean();
            SimGrant victim = any ? leased.get(world.random().nextInt(leased.size())) : newest(leased);
            world.trace("fate", "frees the lease of " + victim);
            victim.purged = true;
            server.free(victim);
        }
    }

    private static SimGrant newest(List<SimGrant> leased) {
        return leased.stream()
                .max(Comparator.comparingInt(grant -> grant.number))
                .orElseThrow();
    }

    /** From now on everything works. */
    void heal() {
        healed = true;
        network.behave(SimFaults.NONE);
        server.node().thaw(WAKE_NANOS);
        for (SimClient client : clients) {
            client.node().thaw(WAKE_NANOS);
            SimConnection connection = client.session().connection();
            if (connection != null) {
                connection.up.release();
                connection.down.release();
            }
            client.session().heal();
            client.userLane().soon(client.instance()::heal);
        }
        oracle.hurryAll();
    }

    boolean isHealed() {
        return healed;
    }

    boolean isSettled() {
        return ledger.unsettled().isEmpty();
    }

    SimNetwork network() {
        return network;
    }

    SimServer server() {
        return server;
    }

    Capabilities capabilities() {
        return plan.extras().heard(core.capabilities());
    }

    SimOracle oracle() {
        return oracle;
    }

    OutcomeRules outcomes() {
        return outcomes;
    }

    LeaseLedger ledger() {
        return ledger;
    }

    SimClient client(int slot) {
        return clients.get(slot);
    }
}
