package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.SettleItem;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.connection.ConnectionListener;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.ServerInfo;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ConnectionState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One connection of a session, and the members of groups that live on it. */
final class SessionConnection implements ConnectionListener {
    private static final long PAUSE_NANOS = 250_000_000L;
    private static final int STREAMS_MET_MAX = 64;

    // Of so many topics at most it is found out why publishes to them are not answered.
    private static final int SILENT_TOPICS_MAX = 64;

    private final SessionContext context;
    private final JetStreamSettings settings;
    private final String holder;
    private final NatsConnection connection;
    private final JetStreamApi api;
    private final StreamRegistry registry;
    private final StreamProvisioning streams;
    private final ConsumerProvisioning groups;

    private final LastTopic topics = new LastTopic();
    private final SpareRequests spares = new SpareRequests(this);

    // Changed on the connection's thread.
    private final Set<String> silentTopics = new HashSet<>();
    private byte[] lastConfirmation = {};
    private int streamsMet;
    private final List<PullPort> ports = new CopyOnWriteArrayList<>();
    private boolean claimsPermitted = true;
    private boolean closed;

    /** Connects in the background. */
    SessionConnection(
            SessionContext context,
            ConnectionSettings connecting,
            JetStreamSettings settings,
            String holder,
            StreamRegistry registry) {
        this.context = context;
        this.settings = settings;
        this.holder = holder;
        this.connection = NatsConnection.open(
                connecting,
                new ConnectionContext(
                        context.clientName(),
                        context.ticker(),
                        context.time(),
                        Schedulers.boundedElastic(),
                        context.recorder()),
                this);
        this.api = new JetStreamApi(connection, context, settings.apiPrefix(), settings.requestLimit());
        this.streams = new StreamProvisioning(
                api,
                settings.streams(),
                registry,
                context.recorder(),
                context.publishTimeout(),
                () -> !connection.server().cluster().isEmpty());
        this.groups = new ConsumerProvisioning(api, streams, settings.streams(), registry);
        this.registry = registry;
    }

    void publish(PublishItem item) {
        PublishRequest request = spares.publishes().take();
        try {
            request.reuse(item);
        } catch (MessagingException unfit) {
            item.failed(unfit);
            return;
        }
        int level = ConditionLevel.of(item.message().headers());
        if (api.isKnownToHave(level)) {
            connection.write(request);
        } else {
            api.requireLevel(
                            level,
                            "the options of a publish to " + item.message().topic())
                    .subscribe(nothing -> {}, unfit -> item.failed(asOurs(unfit)), () -> connection.write(request));
        }
    }

    void settle(NatsHandout delivered, SettleItem item) {
        if (item.wantsAnswer()) {
            SettleRequest request = spares.settlements().take();
            request.reuse(delivered, item);
            connection.write(request);
        } else {
            SettleWrite write = spares.writes().take();
            write.reuse(delivered, item);
            connection.write(write);
        }
    }

    /** How much of an answer says the same as the last one that told of a stored message; 0 when it is another. */
    int sameFront(byte[] answer) {
        int length = lastConfirmation.length;
        boolean same = answer.length >= length && Arrays.equals(answer, 0, length, lastConfirmation, 0, length);
        return same ? length : 0;
    }

    /** Another stream has confirmed a publish: the first ones that do so are looked at. On the connection's thread. */
    void confirmedBy(byte[] answer) {
        if (streamsMet >= STREAMS_MET_MAX) {
            return;
        }
        streamsMet++;
        lastConfirmation = PublishAck.front(answer);
        String stream = PublishAck.stream(answer);
        if (!stream.isEmpty()) {
            streams.met(stream);
        }
    }

    long unheardNanos() {
        return connection.unheardNanos();
    }

    SpareRequests spares() {
        return spares;
    }

    Subject subjectOf(String topic) {
        return topics.subjectOf(topic);
    }

    PullPort deliveries(GroupSpec group, DeliverySink sink) {
        PullPort port = new PullPort(this, group, sink);
        boolean open = connection.execute(() -> join(port));
        if (!open) {
            port.gone(closedError());
        }
        return port;
    }

    private void join(PullPort port) {
        if (closed) {
            port.gone(closedError());
            return;
        }
        ports.add(port);
        port.finds(groups.of(port.spec())
                .subscribe(
                        life -> connection.execute(() -> port.open(life)),
                        error -> connection.execute(() -> port.gone(asOurs(error)))));
    }

    private static MessagingException asOurs(Throwable error) {
        return error instanceof MessagingException ours
                ? ours
                : new MessagingException(
                        ErrorCode.INTERNAL, String.valueOf(error), "jetstream", "please report this", error);
    }

    Mono<Void> ready() {
        return connection.ready();
    }

    Mono<Void> declare(RetentionSpec retention) {
        return streams.declare(retention);
    }

    Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return groups.delete(filter, name);
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
        ports.forEach(port -> port.gone(closedError()));
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

    int pullBytes() {
        return settings.pullBytes();
    }

    /** Servers before 2.10.4 take a terminate with a reason for nothing. */
    boolean tellsReasons() {
        return settings.terminateReasons() && connection.server().isAtLeast(2, 10, 4);
    }

    long requestNanos() {
        return settings.requestLimit().toNanos();
    }

    long allowanceNanos() {
        return JetStreamSession.ALLOWANCE.toNanos();
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

    /** Whether a group that was deleted is made again. */
    boolean makesGroups() {
        return groups.areMade();
    }

    /** What is known of a stream. */
    @Nullable
    StreamInfo known(String stream) {
        return registry.known(stream);
    }

    /** A group was deleted: it goes on there when it is made again. */
    void lost(String group, @Nullable ConsumerLife life, @Nullable StreamInfo stream) {
        if (life != null) {
            registry.lost(
                    group, new StreamRegistry.Former(stream == null ? known(life.stream()) : stream, life.floor()));
        }
    }

    Mono<Long> backlog(ConsumerLife life) {
        return groups.info(life)
                .onErrorComplete()
                .filter(ConsumerLife::isTold)
                .map(info -> info.number("num_pending", 0));
    }

    void lifeOf(ConsumerLife life, Consumer<ApiResponse> judge) {
        groups.info(life)
                .subscribe(
                        info -> connection.execute(() -> judge.accept(info)),
                        // Whoever suspects does so again.
                        error -> connection.execute(() -> judge.accept(ApiResponse.SILENCE)));
    }

    void whetherKept(String topic, Consumer<Boolean> told) {
        streams.keeps(topic)
                .subscribe(
                        kept -> connection.execute(() -> told.accept(kept)),
                        error -> connection.execute(() -> told.accept(true)));
    }

    /** A publish was written and is not answered: when a topic has the first such one, its stream is looked at. */
    void unanswered(String topic) {
        boolean isUp = connection.unheardNanos() == 0;
        if (isUp && silentTopics.size() < SILENT_TOPICS_MAX && silentTopics.add(topic)) {
            streams.lookAtSilent(topic);
        }
    }

    void look(String stream, long message, Consumer<Message> told) {
        streams.message(stream, message).subscribe(found -> connection.execute(() -> told.accept(found)), gone -> {
            // Whoever deleted it did not want it.
        });
    }

    /** Whether redeliveries may be announced on our own subject. */
    boolean maySayClaims() {
        return claimsPermitted;
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
            claimsPermitted = false;
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
        MessagingException trouble = new MessagingException(
                ErrorCode.DISCONNECTED,
                "the connection ended: " + reason.getMessage(),
                "nats",
                "nothing: it is dialled again");
        ports.forEach(port -> port.disconnected(trouble));
    }

    @Override
    public void closed(MessagingException reason) {
        ports.forEach(port -> port.gone(reason));
    }
}
