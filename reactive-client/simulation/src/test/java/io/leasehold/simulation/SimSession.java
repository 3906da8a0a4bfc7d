package io.leasehold.simulation;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What one client uses of the broker; its own end of the connections. */
final class SimSession implements BrokerSession {
    private static final long RECONNECT_NANOS = 20_000_000L;
    private static final long LATER_NANOS = 400_000_000L;

    private final SimBroker broker;
    private final Ticker ticker;
    private final SimLane lane;
    private final List<SimPort> ports = new ArrayList<>();
    private final SimPublishing publishing = new SimPublishing(this);
    private final List<SimDeclaration> declarations = new ArrayList<>();
    private final boolean handsOnSurplus;
    private @Nullable SimConnection connection;
    private int epochs;
    private boolean reconnecting;
    private long connectedAt;
    private long fullUntil;
    private boolean takesTouches;
    private long reachableAt;
    private boolean closed;

    SimSession(SimBroker broker, Ticker ticker) {
        this.broker = broker;
        this.ticker = ticker;
        this.lane = new SimLane(broker.node());
        this.handsOnSurplus = broker.node().world.random().nextInt(3) == 0;
        reconnect(RECONNECT_NANOS / 20);
    }

    @Override
    public Capabilities capabilities() {
        return broker.capabilities();
    }

    @Override
    public Duration smoothedRoundTrip() {
        return Duration.ofMillis(4);
    }

    @Override
    public PublishPort publishing() {
        return publishing;
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        SimPort port = new SimPort(this, group, sink, ports.size());
        ports.add(port);
        port.connected();
        return port;
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return Mono.create(sink -> {
            SimDeclaration declaration = new SimDeclaration(this, retention, sink);
            declarations.add(declaration);
            declaration.write();
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::closeNow);
    }

    private void closeNow() {
        if (closed) {
            return;
        }
        closed = true;
        SimConnection last = connection;
        connection = null;
        for (SimPort port : ports) {
            port.close();
        }
        publishing.close();
        for (SimDeclaration declaration : declarations) {
            declaration.close();
        }
        if (last != null) {
            end(last, true);
        }
    }

    /** The connection breaks. The client notices it at once, the broker a little later. */
    void cut(boolean arrives) {
        SimConnection last = connection;
        if (last != null) {
            trace("loses its connection");
            end(last, arrives);
            connection = null;
            lane.soon(this::disconnected);
        }
    }

    /** For so long what is to be sent finds no room, and is not taken; touches may be. */
    void fullFor(long nanos, boolean touches) {
        takesTouches = touches;
        fullUntil = Math.max(fullUntil, world().now() + nanos);
    }

    /** For so long no connection can be made. */
    void unreachableFor(long nanos) {
        reachableAt = Math.max(reachableAt, world().now() + nanos);
    }

    /** There is room, and connections can be made. */
    void heal() {
        fullUntil = Math.min(fullUntil, world().now());
        reachableAt = 0;
    }

    /** Whether a touch is taken now. */
    boolean takesTouches() {
        return takes() || takesTouches && connection != null;
    }

    /** Whether a settlement or a publish is taken now. */
    boolean takes() {
        boolean kept = connection != null || !broker.wire().forgets();
        return kept && world().now() >= fullUntil;
    }

    /** Whether it has been connected, with room for all, since an instant. */
    boolean isOpenSince(long instant) {
        return connection != null && connectedAt <= instant && fullUntil <= instant;
    }

    /** The client ends the connection and discards what it still holds. */
    void abort() {
        SimConnection last = connection;
        broker.wire().aborts(broker.node());
        if (last != null) {
            trace("aborts its connection");
            last.abort();
            end(last, true);
            connection = null;
            lane.soon(this::disconnected);
        }
    }

    private void end(SimConnection last, boolean arrives) {
        if (!last.isCut()) {
            last.cut(arrives);
        }
        SimServer server = broker.server();
        // What a client does before it has noticed is not covered by leases that the broker has ended.
        long least = capabilities().leasesEndWithConnection() ? LATER_NANOS : 0;
        long noticed = world().now() + least + world().random().nextLong(5 * RECONNECT_NANOS);
        new SimLane(server.node()).at(noticed, () -> server.disconnected(last));
    }

    private void disconnected() {
        if (capabilities().leasesEndWithConnection()) {
            for (SimPort port : ports) {
                port.connectionLost();
            }
        }
        publishing.disconnected();
        reconnect(RECONNECT_NANOS);
    }

    private void reconnect(long withinNanos) {
        if (!reconnecting && !closed) {
            reconnecting = true;
            lane.after(world().random().nextLong(withinNanos) + 1, this::connect);
        }
    }

    private void connect() {
        reconnecting = false;
        if (closed || connection != null) {
            return;
        }
        if (world().now() < reachableAt) {
            reconnect(RECONNECT_NANOS);
            return;
        }
        connectedAt = world().now();
        connection = new SimConnection(
                broker.network(), broker.node(), broker.server().node(), ++epochs);
        trace("is connected");
        for (SimPort port : ports) {
            port.connected();
        }
        publishing.connected();
        for (SimDeclaration declaration : declarations) {
            declaration.write();
        }
    }

    /** Whether it hands on what comes for a pull that was given up, and thus perhaps more than it was asked for. */
    boolean handsOnSurplus() {
        return handsOnSurplus;
    }

    /** Whether something that came over a connection is still listened to. */
    boolean hears(SimConnection from) {
        return from == connection && !closed;
    }

    @Nullable
    SimConnection connection() {
        return connection;
    }

    boolean isClosed() {
        return closed;
    }

    SimBroker broker() {
        return broker;
    }

    SimServer server() {
        return broker.server();
    }

    SimWorld world() {
        return broker.node().world;
    }

    /** The thread that reads and writes. */
    SimLane lane() {
        return lane;
    }

    long nanos() {
        return ticker.sureNanos();
    }

    void trace(String what) {
        world().trace(broker.node().name, what);
    }
}
