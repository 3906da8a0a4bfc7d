package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.connection.ConnectionListener;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.ServerInfo;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ConnectionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Is one connection of a session: publishes over it, and has the members of groups that live on it. */
final class SessionConnection implements ConnectionListener {
    private final SessionContext context;
    private final NatsConnection connection;
    private final StreamProvisioning streams;
    private final ConsumerProvisioning consumers;
    private final StreamPublisher publisher;
    private final PortContext portContext;
    private final Settlements settlements;

    // Changed on the connection's thread.
    private final List<PullPort> ports = new CopyOnWriteArrayList<>();
    private boolean closed;

    /** Connects in the background. */
    SessionConnection(
            SessionContext context,
            ConnectionSettings connecting,
            JetStreamSettings settings,
            String holder,
            StreamRegistry registry) {
        this.context = context;
        this.connection = NatsConnection.of(
                connecting,
                new ConnectionContext(
                        context.clientName(),
                        context.ticker(),
                        context.time(),
                        Schedulers.boundedElastic(),
                        context.recorder()),
                this);

        JetStreamApi api = new JetStreamApi(connection, context, settings.apiPrefix(), settings.requestLimit());
        this.streams = new StreamProvisioning(
                api,
                settings.streams(),
                registry,
                context.recorder(),
                context.publishTimeout(),
                () -> !connection.server().cluster().isEmpty());
        this.consumers = new ConsumerProvisioning(api, streams, settings.streams(), registry);

        this.publisher = new StreamPublisher(
                connection,
                api,
                streams,
                context.time(),
                settings.requestLimit().toNanos());
        this.portContext = new PortContext(context, settings, holder, connection, api, streams, consumers, registry);
        this.settlements = new Settlements(portContext);

        // A server may welcome us at once.
        connection.connect();
    }

    void publish(PublishItem item) {
        publisher.publish(item);
    }

    long unheardNanos() {
        return connection.unheardNanos();
    }

    long roundTripNanos() {
        return connection.roundTripNanos();
    }

    PullPort deliveries(GroupSpec group, DeliverySink sink) {
        PullPort port = new PullPort(portContext, settlements, group, sink, ports::remove);
        boolean open = connection.execute(() -> join(port));
        if (!open) {
            port.gone(JetStreamErrors.closed(context.clientName()));
        }
        return port;
    }

    private void join(PullPort port) {
        if (closed) {
            port.gone(JetStreamErrors.closed(context.clientName()));
            return;
        }

        ports.add(port);
        port.finds(consumers
                .of(port.spec())
                .subscribe(
                        life -> connection.execute(() -> port.open(life)),
                        error -> connection.execute(() -> port.gone(JetStreamErrors.asOurs(error)))));
    }

    Mono<Void> ready() {
        return connection.ready();
    }

    Mono<Void> declare(RetentionSpec retention) {
        return streams.declare(retention);
    }

    Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return consumers.delete(filter, name);
    }

    /** Gives back what still comes, and ends. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            connection.execute(this::end);
            return connection.close();
        });
    }

    private void end() {
        closed = true;
        // Who was stopped is ended already; another one came while its client was closing.
        ports.forEach(port -> port.gone(JetStreamErrors.closed(context.clientName())));
        ports.clear();
    }

    // ---- for whoever looks at it, on any thread

    boolean isUp() {
        return connection.state() == ConnectionState.UP;
    }

    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (!isUp()) {
            remarks.add("a connection to NATS is " + connection.state() + "; " + connection.trouble());
        }
        for (PullPort port : ports) {
            if (port.mode() != MonitorMode.ACK_SUBJECTS) {
                remarks.add(port.spec().name() + ": " + port.mode().remark());
            }
        }

        return remarks;
    }

    // ---- from the connection

    @Override
    public void denied(String subject, MessagingException why) {
        if (subject.startsWith(SubjectClaim.PREFIX)) {
            portContext.denyClaims();
        } else {
            ports.forEach(port -> port.denied(subject, why));
        }
    }

    @Override
    public void up(long epoch, ServerInfo server) {
        streams.reconnected();
        ports.forEach(PullPort::connected);
    }

    @Override
    public void down(long epoch, MessagingException reason) {
        MessagingException trouble = JetStreamErrors.disconnected(reason);
        ports.forEach(port -> port.disconnected(trouble));
    }

    @Override
    public void closed(MessagingException reason) {
        ports.forEach(port -> port.gone(reason));
    }
}
