package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import io.leasehold.simulation.Grant.Tracked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes of one schedule: the broker, the clients and what lies between them. */
final class Cluster {
    /** Within what time a thawed process gets to everything that had waited. */
    static final long WAKE_NANOS = 20_000_000L;

    static final String GROUP = "workers";
    static final String TOPIC = "work";
    static final String DEAD = "dead";
    static final String DERIVED = "derived";

    private final SimWorld world;
    private final Plan plan;
    private final SimNetwork network;
    private final CoreBroker core;
    private final Ledger ledger;
    private final SimServer server;
    private final Oracle oracle;
    private final List<SimClient> clients = new ArrayList<>();
    private final List<String> seeded = new ArrayList<>();
    private int generations;
    private boolean healed;

    Cluster(SimWorld world, Plan plan) {
        this.world = world;
        this.plan = plan;
        this.network = new SimNetwork(world);
        SimNode node = new SimNode(world, "broker", drift(), offset());
        this.core = CoreBroker.of(node, plan.fenced());
        this.ledger = new Ledger(node, core.capabilities());
        this.server = new SimServer(node, core.broker(), ledger);
        long slack = 2 * plan.trouble().latencyNanos() + 1_000_000L;
        this.oracle = new Oracle(
                world,
                new Oracle.Terms(
                        plan.leaseNanos(), plan.budgetNanos(), plan.guardNanos(), slack, WAKE_NANOS, plan.fenced()));
    }

    void start() {
        Duration lease = Duration.ofNanos(plan.leaseNanos());
        server.makeGroup(new GroupSpec(GROUP, TopicFilter.of(TOPIC), lease, StartPosition.EARLIEST));
        for (int i = 0; i < plan.clients(); i++) {
            clients.add(newClient(i));
        }
    }

    private SimClient newClient(int slot) {
        String name = "client" + (char) ('A' + slot) + (generations == 0 ? "" : Integer.toString(generations));
        generations++;
        SimNode node = new SimNode(world, name, drift(), offset());
        node.latency(plan.trouble().latencyNanos(), plan.trouble().latencyNanos());
        SimClient client = new SimClient(this, node, plan);
        client.start();
        return client;
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
        seeded.add(name);
        server.seed(message);
    }

    void crash(int slot) {
        SimClient client = clients.get(slot);
        if (client.node().isCrashed()) {
            return;
        }
        client.session().cut(world.random().nextBoolean());
        client.node().crash();
        oracle.crashed(client);
        clients.set(slot, newClient(slot));
    }

    void restartBroker() {
        world.trace("broker", "is restarted");
        for (SimClient client : clients) {
            client.session().cut(world.random().nextBoolean());
        }
        core.restart();
    }

    /** From now on everything works. */
    void heal() {
        healed = true;
        network.behave(SimFaults.NONE);
        for (SimClient client : clients) {
            client.node().thaw(WAKE_NANOS);
            SimConnection connection = client.session().connection();
            if (connection != null) {
                connection.up.release();
                connection.down.release();
            }
        }
        oracle.hurryAll();
    }

    boolean isHealed() {
        return healed;
    }

    boolean isSettled() {
        return unsettled().isEmpty();
    }

    /** The messages that were published and have not come to an end. */
    List<String> unsettled() {
        List<String> names = new ArrayList<>(seeded);
        for (Tracked message : ledger.messages()) {
            if (message.endedAs != null) {
                names.remove(message.name);
            }
        }
        return names;
    }

    SimWorld world() {
        return world;
    }

    SimNetwork network() {
        return network;
    }

    SimServer server() {
        return server;
    }

    Capabilities capabilities() {
        return core.capabilities();
    }

    Oracle oracle() {
        return oracle;
    }

    Ledger ledger() {
        return ledger;
    }

    SimClient client(int slot) {
        return clients.get(slot);
    }
}
