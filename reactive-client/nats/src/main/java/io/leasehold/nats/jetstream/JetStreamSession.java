package io.leasehold.nats.jetstream;

import io.leasehold.broker.BrokerHealth;
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
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.connection.ConnectionSettings;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Is what one client uses of JetStream: some connections, mostly one. A member of a group lives on one of them;
 * publishes of the same key, or without one of the same topic, go over the same one, so that they stay in order.
 */
public final class JetStreamSession implements BrokerSession, PublishPort {
    static final Duration ALLOWANCE = Duration.ofSeconds(1);
    static final long ALLOWANCE_NANOS = ALLOWANCE.toNanos();
    private static final int HOLDER_BYTES = 12;

    private final Capabilities capabilities;
    private final List<SessionConnection> connections;
    private final AtomicInteger members = new AtomicInteger();
    private volatile Duration roundTrip = Duration.ZERO;

    /**
     * Connects in the background.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when ids are known for a shorter time than publishes are
     *     repeated
     */
    public JetStreamSession(SessionContext context, ConnectionSettings connecting, JetStreamSettings settings) {
        requireWindow(context, settings.streams().duplicateWindow());
        this.capabilities = Capabilities.unfenced(ALLOWANCE)
                .duplicateWindow(settings.streams().duplicateWindow());
        byte[] random = new byte[HOLDER_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        String holder = HexFormat.of().formatHex(random);
        StreamRegistry registry = new StreamRegistry();
        this.connections = IntStream.range(0, settings.connections())
                .mapToObj(i -> new SessionConnection(context, connecting, settings, holder, registry))
                .toList();
    }

    private static void requireWindow(SessionContext context, Duration window) {
        if (window.compareTo(context.publishTimeout()) < 0) {
            throw JetStreamErrors.windowTooShort(window, context.publishTimeout());
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    // Asked for each delivery: made anew only when it has changed.
    @Override
    public Duration smoothedRoundTrip() {
        long nanos = 0;
        for (int i = 0; i < connections.size(); i++) {
            nanos = Math.max(nanos, connections.get(i).roundTripNanos());
        }
        Duration known = roundTrip;
        if (known.toNanos() == nanos) {
            return known;
        }
        Duration fresh = Duration.ofNanos(nanos);
        roundTrip = fresh;

        return fresh;
    }

    @Override
    public PublishPort publishing() {
        return this;
    }

    @Override
    public void publish(PublishItem item) {
        connectionOf(item).publish(item);
    }

    private SessionConnection connectionOf(PublishItem item) {
        int count = connections.size();
        if (count == 1) {
            return connections.get(0);
        }
        String lane = item.message().key().orElseGet(() -> item.message().topic());
        return connections.get(Math.floorMod(lane.hashCode(), count));
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        requireName(group.name());
        return connections
                .get(Math.floorMod(members.getAndIncrement(), connections.size()))
                .deliveries(group, sink);
    }

    private static void requireName(String name) {
        if (!name.matches("[^\\s.*>/\\\\\\p{Cntrl}]{1,200}")) {
            throw MessagingException.badSetting(
                    "group", "'" + name + "'", "a NATS consumer name: no blanks, dots, wildcards or slashes");
        }
    }

    @Override
    public Mono<Void> ready() {
        return Flux.fromIterable(connections).flatMap(SessionConnection::ready).then();
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return connections.get(0).declare(retention);
    }

    @Override
    public Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return Mono.defer(() -> {
            requireName(name);
            return connections.get(0).deleteGroup(filter, name);
        });
    }

    @Override
    public Duration unheard() {
        return Duration.ofNanos(connections.stream()
                .mapToLong(SessionConnection::unheardNanos)
                .max()
                .orElse(0));
    }

    @Override
    public BrokerHealth health() {
        boolean reachable = connections.stream().allMatch(SessionConnection::isUp);
        return new BrokerHealth(
                reachable,
                connections.stream()
                        .flatMap(connection -> connection.remarks().stream())
                        .toList());
    }

    @Override
    public Mono<Void> close() {
        return Flux.fromIterable(connections).flatMap(SessionConnection::close).then();
    }
}
