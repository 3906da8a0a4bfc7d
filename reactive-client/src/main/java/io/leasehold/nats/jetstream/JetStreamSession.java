package io.leasehold.nats.jetstream;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.ConnectionContext;
import io.leasehold.nats.connection.ConnectionListener;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.ServerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What one client uses of JetStream: one connection, and the members of groups that live on it. */
public final class JetStreamSession implements BrokerSession, PublishPort, ConnectionListener {
    private static final Duration ALLOWANCE = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 250_000_000L;
    private static final int HOLDER_BYTES = 12;

    private final SessionContext context;
    private final JetStreamSettings settings;
    private final NatsConnection connection;
    private final JetStreamApi api;
    private final Streams streams;
    private final Groups groups;
    private final String holder;

    // On the connection's thread.
    private final List<PullPort> ports = new ArrayList<>();
    private boolean closed;

    /** Connects in the background. */
    public JetStreamSession(SessionContext context, ConnectionSettings connecting, JetStreamSettings settings) {
        this.context = context;
        this.settings = settings;
        byte[] random = new byte[HOLDER_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        this.holder = HexFormat.of().formatHex(random);
        this.connection = NatsConnection.open(
                connecting,
                new ConnectionContext(
                        context.clientName(),
                        context.ticker(),
                        context.time(),
                        Schedulers.boundedElastic(),
                        context.recorder()),
                this);
        this.api = new JetStreamApi(connection, context.time(), settings.apiPrefix(), settings.requestLimit());
        this.streams = new Streams(api, settings.streams());
        this.groups = new Groups(api, streams, settings.streams());
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                false,
                Capabilities.LeaseScope.GROUP,
                Capabilities.Answers.CONFIRMED,
                Capabilities.Credit.EXACT,
                true,
                true,
                settings.streams().duplicateWindow(),
                Capabilities.Tokens.MONOTONE,
                ALLOWANCE);
    }

    @Override
    public Duration smoothedRoundTrip() {
        return connection.roundTrip();
    }

    @Override
    public PublishPort publishing() {
        return this;
    }

    @Override
    public void publish(PublishItem item) {
        PublishRequest request;
        try {
            request = new PublishRequest(this, item);
        } catch (MessagingException unfit) {
            item.failed(unfit);
            return;
        }
        connection.write(request);
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        requireName(group.name());
        PullPort port = new PullPort(this, group, sink);
        boolean open = connection.execute(() -> join(port));
        if (!open) {
            port.gone(closedError());
        }
        return port;
    }

    private static void requireName(String name) {
        if (!name.matches("[^\\s.*>/\\\\\\p{Cntrl}]{1,200}")) {
            throw MessagingException.badSetting(
                    "group", "'" + name + "'", "a NATS consumer name: no blanks, dots, wildcards or slashes");
        }
    }

    private void join(PullPort port) {
        if (closed) {
            port.gone(closedError());
            return;
        }
        ports.add(port);
        groups.of(port.spec())
                .subscribe(
                        life -> connection.execute(() -> port.open(life)),
                        error -> connection.execute(() -> port.gone(asOurs(error))));
    }

    private static MessagingException asOurs(Throwable error) {
        return error instanceof MessagingException ours
                ? ours
                : new MessagingException(
                        ErrorCode.INTERNAL, String.valueOf(error), "jetstream", "please report this", error);
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return streams.of(retention.filter(), retention).then();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            connection.execute(this::end);
            return connection.close();
        });
    }

    private void end() {
        closed = true;
        List.copyOf(ports).forEach(PullPort::close);
        ports.clear();
    }

    private MessagingException closedError() {
        return new MessagingException(
                ErrorCode.CLOSED, "the session is closed", context.clientName(), "open another one");
    }

    // ---- for its ports

    NatsConnection connection() {
        return connection;
    }

    JetStreamApi api() {
        return api;
    }

    /** By which name our claims go. */
    String holder() {
        return holder;
    }

    long requestNanos() {
        return settings.requestLimit().toNanos();
    }

    long allowanceNanos() {
        return ALLOWANCE.toNanos();
    }

    long sureNanos() {
        return context.ticker().sureNanos();
    }

    long jitter(long most) {
        return ThreadLocalRandom.current().nextLong(most + 1);
    }

    void later(Runnable task) {
        later(PAUSE_NANOS, task);
    }

    /** Runs something on the connection's thread after a time. */
    void later(long nanos, Runnable task) {
        context.time().schedule(() -> connection.execute(task), nanos, TimeUnit.NANOSECONDS);
    }

    void lifeOf(GroupLife life, Consumer<ApiAnswer> judge) {
        groups.info(life)
                .subscribe(
                        info -> connection.execute(() -> judge.accept(info)),
                        // Whoever suspects does so again.
                        error -> connection.execute(() -> judge.accept(ApiAnswer.SILENCE)));
    }

    void whetherKept(String topic, Consumer<Boolean> told) {
        streams.keeping(topic)
                .subscribe(
                        found -> connection.execute(() -> told.accept(!found.isEmpty())),
                        error -> connection.execute(() -> told.accept(true)));
    }

    void forget(PullPort port) {
        ports.remove(port);
    }

    void unexpected(String subject) {
        context.recorder()
                .fault(new MessagingException(
                        ErrorCode.PROTOCOL,
                        "something came to a pull that no consumer delivers",
                        subject,
                        "see who publishes to the inboxes of others"));
    }

    // ---- from the connection

    @Override
    public void up(long epoch, ServerInfo server) {
        List.copyOf(ports).forEach(PullPort::connected);
    }

    @Override
    public void down(long epoch, MessagingException reason) {
        MessagingException trouble = new MessagingException(
                ErrorCode.DISCONNECTED,
                "the connection ended: " + reason.getMessage(),
                "nats",
                "nothing: it is dialled again");
        List.copyOf(ports).forEach(port -> port.disconnected(trouble));
    }

    @Override
    public void closed(MessagingException reason) {
        List.copyOf(ports).forEach(port -> port.gone(reason));
    }
}
