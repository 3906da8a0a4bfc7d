package io.leasehold.simulation;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The broker's end of the network: a broker in this process that is reached by messages only. Runs on the broker's
 * node.
 */
final class SimServer {
    private final SimNode node;
    private final SimLane lane;
    private final Broker core;
    private final LeaseLedger ledger;
    private final SessionContext context;
    private final Map<SimSession, BrokerSession> sessions = new HashMap<>();
    private final Map<SimConnection, BrokerSession> ofConnections = new HashMap<>();
    private final Map<SimPort, ServerPort> ports = new HashMap<>();
    private final List<ServerPort> portsInOrder = new ArrayList<>();
    private boolean silent;

    SimServer(SimNode node, Broker core, LeaseLedger ledger) {
        this.node = node;
        this.lane = new SimLane(node);
        this.core = core;
        this.ledger = ledger;
        SimScheduler time = new SimScheduler(node, 1);
        this.context = new SessionContext("server", new Ticker(time), time, new Faults(node.world));
    }

    SimNode node() {
        return node;
    }

    LeaseLedger ledger() {
        return ledger;
    }

    /** What the broker holds for a client. */
    BrokerSession session(SimSession client) {
        return sessions.computeIfAbsent(client, any -> core.open(context));
    }

    /** What the broker holds for a connection of a client, where leases belong to that. */
    private BrokerSession session(SimSession client, @Nullable SimConnection connection) {
        boolean one = connection == null || !ledger.endsWithConnections();
        return one ? session(client) : ofConnections.computeIfAbsent(connection, any -> core.open(context));
    }

    /** The broker's end of a port; made when it is first asked for. */
    ServerPort port(SimPort client) {
        ServerPort port = ports.get(client);
        if (port == null) {
            port = new ServerPort(client);
            ports.put(client, port);
            portsInOrder.add(port);
        }
        return port;
    }

    /** Makes the group, so that it keeps what is published before the first consumer has come. */
    void makeGroup(GroupSpec spec) {
        DeliveryPort unused = core.open(context).deliveries(spec, new Nobody());
    }

    /** Publishes at the broker itself. */
    void seed(Message message) {
        core.open(context).publishing().publish(new Seed(message, ledger));
    }

    /** Whether clients are told when their group is deleted and made anew. */
    void tell(boolean tells) {
        silent = !tells;
    }

    /** Frees a lease by a nak of which its holder knows nothing. */
    void free(SimGrant grant) {
        port(grant.port).core().settle(List.of(new BareSettlement(grant.core.receipt(), SettleVerb.NAK)));
    }

    /** The broker notices that a connection has ended: nothing is handed out for its pulls any more. */
    void disconnected(SimConnection connection) {
        for (ServerPort port : portsInOrder) {
            port.endPulls(connection);
        }
        connection.endNoticed = true;
        BrokerSession gone = ofConnections.remove(connection);
        if (gone != null) {
            ledger.disconnected(connection);
            gone.close().subscribe();
        }
    }

    /** A fault of the broker is a fault. */
    private record Faults(SimWorld world) implements Recorder {
        @Override
        public void fault(Throwable fault) {
            world.violate("broker", "a fault was caught: " + fault);
        }
    }

    /** A message that is published here. */
    private record Seed(Message message, LeaseLedger ledger) implements PublishItem {
        @Override
        public MessageId id() {
            return message.id().orElseThrow();
        }

        @Override
        public boolean tryWrite() {
            return true;
        }

        @Override
        public void confirmed(long sequence, boolean duplicate) {
            ledger.stored(message, duplicate);
        }

        @Override
        public void failed(MessagingException error) {
            throw new IllegalStateException(error);
        }
    }

    /** A member that never asks for anything. */
    private static final class Nobody implements DeliverySink {
        @Override
        public void delivered(Handout handout) {
            throw new IllegalStateException("delivered without credit: " + handout);
        }

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {}

        @Override
        public void connectionLost() {}

        @Override
        public void troubled(MessagingException trouble) {}

        // The group was deleted; whoever comes next makes it anew.
        @Override
        public void gone(MessagingException error) {}
    }

    /** The broker's end of one consumer. */
    final class ServerPort implements DeliverySink {
        private final SimPort client;
        private final Deque<SimPull> pulls = new ArrayDeque<>();
        private DeliveryPort corePort;
        private @Nullable SimConnection connection;
        private long credit;
        private boolean stopped;
        private @Nullable MessagingException end;

        ServerPort(SimPort client) {
            this.client = client;
            this.corePort = session(client.session()).deliveries(client.spec(), this);
        }

        DeliveryPort core() {
            return corePort;
        }

        /** A pull has come. */
        void pull(SimPull pull) {
            if (stopped) {
                return;
            }
            if (ledger.endsWithConnections() && !mayTake(pull.connection)) {
                return;
            }
            connection = pull.connection;
            if (end != null) {
                pull.connection.down.send(client.gone(end));
                return;
            }
            pull.open = pull.count;
            pulls.add(pull);
            credit += pull.count;
            lane.after(pull.expiresNanos, () -> expire(pull));
            corePort.credit(credit);
        }

        // Over another connection there are other leases: nothing more is lent over the one before.
        private boolean mayTake(SimConnection over) {
            boolean old = over.endNoticed || connection != null && over.epoch < connection.epoch;
            if (!old && over != connection) {
                corePort.stop();
                corePort = session(client.session(), over).deliveries(client.spec(), this);
                pulls.clear();
                credit = 0;
            }
            return !old;
        }

        private void expire(SimPull pull) {
            if (end(pull)) {
                pull.connection.down.send(client.pullEnded(pull));
            }
        }

        /** The client wants no more for a pull. */
        void giveUp(SimPull pull) {
            end(pull);
        }

        private boolean end(SimPull pull) {
            if (!pulls.remove(pull)) {
                return false;
            }
            credit -= pull.open;
            pull.open = 0;
            corePort.credit(credit);
            return true;
        }

        void endPulls(SimConnection gone) {
            for (Iterator<SimPull> all = pulls.iterator(); all.hasNext(); ) {
                SimPull pull = all.next();
                if (pull.connection == gone) {
                    all.remove();
                    credit -= pull.open;
                    pull.open = 0;
                }
            }
            corePort.credit(credit);
        }

        /** The client takes no more. */
        void stop() {
            stopped = true;
            pulls.clear();
            corePort.stop();
        }

        @Override
        public void delivered(Handout handout) {
            SimGrant grant = ledger.granted(client, handout);
            SimPull pull = pulls.peek();
            if (pull == null) {
                node.world.trace(node.name, "has no pull left for " + grant);
                return;
            }
            grant.connection = pull.connection;
            pull.open--;
            if (pull.open == 0) {
                pulls.remove();
            }
            pull.connection.down.send(client.delivery(grant, pull));
        }

        // The client does not notice: its pulls are served by the new group, and what it gets counts from one again.
        private void joinAgain() {
            corePort = session(client.session(), connection).deliveries(client.spec(), this);
            credit = 0;
            for (SimPull pull : pulls) {
                credit += pull.open;
            }
            corePort.credit(credit);
        }

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
            if (connection != null) {
                connection.down.send(client.ended(ref, newer, loss));
            }
        }

        // It hears of its connection by itself.
        @Override
        public void connectionLost() {}

        @Override
        public void troubled(MessagingException trouble) {
            node.world.trace(node.name, "is troubled: " + trouble.code());
        }

        @Override
        public void gone(MessagingException error) {
            if (error.code() == ErrorCode.CLOSED && ledger.endsWithConnections()) {
                return;
            }
            if (silent) {
                joinAgain();
                return;
            }
            end = error;
            if (connection != null) {
                connection.down.send(client.gone(error));
            }
        }
    }
}
