package io.leasehold.nats.jetstream;

import io.leasehold.broker.SessionContext;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.nats.connection.NatsConnection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Gives the ports of one connection what they share: the connection, the clock, and what the servers tell of streams
 * and consumers.
 */
final class PortContext {
    private final SessionContext context;
    private final JetStreamSettings settings;
    private final String holder;
    private final NatsConnection connection;
    private final JetStreamApi api;
    private final StreamProvisioning streams;
    private final ConsumerProvisioning consumers;
    private final StreamRegistry registry;
    private final Ticker ticker;

    // Changed on the connection's thread.
    private boolean claimsPermitted = true;

    PortContext(
            SessionContext context,
            JetStreamSettings settings,
            String holder,
            NatsConnection connection,
            JetStreamApi api,
            StreamProvisioning streams,
            ConsumerProvisioning consumers,
            StreamRegistry registry) {
        this.context = context;
        this.settings = settings;
        this.holder = holder;
        this.connection = connection;
        this.api = api;
        this.streams = streams;
        this.consumers = consumers;
        this.registry = registry;
        this.ticker = context.ticker();
    }

    NatsConnection connection() {
        return connection;
    }

    JetStreamApi api() {
        return api;
    }

    /** Returns the name under which claims of this client go. */
    String holder() {
        return holder;
    }

    int pullBytes() {
        return settings.pullBytes();
    }

    /** Tells whether a terminate has its reason with it: servers before 2.10.4 take one with a reason for nothing. */
    boolean tellsReasons() {
        return settings.terminateReasons() && connection.server().isAtLeast(2, 10, 4);
    }

    long requestNanos() {
        return settings.requestLimit().toNanos();
    }

    long sureNanos() {
        return ticker.sureNanos();
    }

    long jitter(long most) {
        return ThreadLocalRandom.current().nextLong(most + 1);
    }

    /** Runs something on the connection's thread after a time. */
    void later(long nanos, Runnable task) {
        context.time().schedule(() -> connection.execute(task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Tells whether redeliveries may be announced on the subject of claims. */
    boolean mayClaim() {
        return claimsPermitted;
    }

    /** Notes that nothing may be published to the subject of claims. */
    void denyClaims() {
        claimsPermitted = false;
    }

    /** Reports what came to a pull and is no delivery. */
    void unexpected(String subject) {
        context.recorder().fault(JetStreamErrors.noDelivery(subject));
    }

    // ---- streams and consumers

    /** Tells whether a consumer that was deleted is made again. */
    boolean makesConsumers() {
        return consumers.areMade();
    }

    /** Returns what is known of a stream; null where nothing is. */
    @Nullable
    StreamInfo known(String stream) {
        return registry.known(stream);
    }

    /** Notes that the consumer of a group was deleted: the group goes on there when it is made again. */
    void lost(String group, @Nullable ConsumerLife life, @Nullable StreamInfo stream) {
        if (life != null) {
            registry.lost(
                    group, new StreamRegistry.Former(stream == null ? known(life.stream()) : stream, life.floor()));
        }
    }

    Mono<Long> backlog(ConsumerLife life) {
        return consumers
                .info(life)
                .onErrorComplete()
                .filter(ConsumerLife::isTold)
                .map(info -> info.number("num_pending", 0));
    }

    /** Asks what is told of a consumer now; whoever is not answered asks again when in doubt. */
    void lifeOf(ConsumerLife life, Consumer<ApiResponse> judge) {
        consumers
                .info(life)
                .subscribe(
                        info -> connection.execute(() -> judge.accept(info)),
                        error -> connection.execute(() -> judge.accept(ApiResponse.SILENCE)));
    }

    /** Looks a message of a stream up; nothing is told when it is not there any more. */
    void look(String stream, long message, Consumer<Message> told) {
        streams.message(stream, message).subscribe(found -> connection.execute(() -> told.accept(found)), gone -> {
            // Whoever deleted it did not want it.
        });
    }
}
