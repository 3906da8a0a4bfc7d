package io.leasehold.simulation;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.SessionContext;
import io.leasehold.lease.SettleItem;
import io.leasehold.message.Message;
import java.util.ArrayList;
import java.util.List;

/** A broker as one client node sees it: everything goes through the network. */
final class SimBroker implements Broker {
    private final SimNode node;
    private final SimNetwork network;
    private final SimServer server;
    private final Capabilities capabilities;
    private final List<SimSession> sessions = new ArrayList<>();
    private final Wire wire;

    /** Hears of what a client writes. */
    interface Wire {
        /** A settlement is written, now. */
        void settles(SimGrant grant, SettleItem item);

        /** A touch is written, now. */
        void touches(SimGrant grant);

        /** A settlement finds no room, now. */
        default void refuses(SimGrant grant) {}

        /** A delivery reaches the client's consumer. */
        void delivers(SimHandout handout);

        /** A message is to be published; it is not written while there is no room for it. */
        default void offers(Message message) {}

        /** A message is written, now. */
        default void publishes(Message message) {}

        /** Whether what is to be sent is not kept while there is no connection. */
        default boolean forgets() {
            return false;
        }

        /** The client ends a connection because a nak stayed unanswered. */
        default void aborts(SimNode client) {}
    }

    SimBroker(SimNode node, SimNetwork network, SimServer server, Capabilities capabilities, Wire wire) {
        this.node = node;
        this.network = network;
        this.server = server;
        this.capabilities = capabilities;
        this.wire = wire;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public BrokerSession open(SessionContext context) {
        SimSession session = new SimSession(this, context.ticker());
        sessions.add(session);
        return session;
    }

    SimNode node() {
        return node;
    }

    SimNetwork network() {
        return network;
    }

    SimServer server() {
        return server;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Wire wire() {
        return wire;
    }

    /** The sessions that were ever opened. */
    List<SimSession> sessions() {
        return sessions;
    }
}
