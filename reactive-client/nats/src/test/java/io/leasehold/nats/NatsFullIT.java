package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.server.WithServers;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What is settled while publishes fill what waits to be written, or all requests that may be open. */
@WithServers
class NatsFullIT {
    private static final int PENDING_BYTES = 1 << 20;
    private static final int REQUESTS = 32;
    private static final Duration LEASE = Duration.ofSeconds(30);

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private final Sinks.One<String> work = Sinks.one();

    private static MessageClient small(Duration timeout) {
        NatsSettings settings =
                NatsSettings.builder().servers(ROOM.proxy().url()).build();
        ConnectionSettings connecting = settings.connecting();
        return ROOM.client(
                "small",
                settings.with(connecting
                        .mutate()
                        .pendingBytes(PENDING_BYTES)
                        .requests(REQUESTS)
                        .subscriptions(1_000)
                        .build()),
                builder -> builder.publishing(PublishSettings.builder()
                        .timeout(timeout)
                        .window(4_096)
                        .windowBytes(64 << 20)
                        .retry(RetryPolicy.none())
                        .build()));
    }

    private Heard<Outcome> working(MessageClient client) {
        Heard<?> stored = ROOM.hear(client.publish(Message.to(ROOM.topic("nc")).body("work")));
        ROOM.await("it is stored", stored::hasCompleted);
        Heard<Outcome> outcomes = ROOM.hear(client.consumer(ROOM.topic("nc"), "workers", String.class)
                .leaseTime(LEASE)
                .startFrom(StartPosition.EARLIEST)
                .handle(delivery -> work.asMono().then()));
        ROOM.await("it is worked on", () -> ROOM.held("workers") == 1);
        return outcomes;
    }

    /** Publishes until there is no room; what was taken. */
    private static List<Heard<PublishReceipt>> fill(MessageClient client, int bytes) {
        List<Heard<PublishReceipt>> taken = new ArrayList<>();
        boolean full = false;
        while (!full) {
            Heard<PublishReceipt> publish =
                    ROOM.hear(client.publish(Message.to(ROOM.topic("bulk")).body(new byte[bytes])));
            taken.add(publish);
            full = publish.hasEnded() && MessagingException.codeOf(publish.error()) == ErrorCode.CONNECTION_FULL;
        }
        return taken;
    }

    @Test
    @Scenario(29)
    void isWrittenWhenTheServerIsBackAfterTwelveSecondsWithinItsLease() {
        MessageClient client = small(NatsRoom.LIMIT);
        Heard<Outcome> outcomes = working(client);
        ROOM.proxy().refuse();
        ROOM.proxy().reset();
        ROOM.await("it is gone", () -> ROOM.told().count(Kind.DISCONNECTED) > 0);
        fill(client, 16 * 1_024);
        work.tryEmitValue("done");
        Heard<Long> later = ROOM.hear(Mono.delay(Duration.ofSeconds(12)));
        ROOM.await("some time has passed", later::hasEnded);
        assertThat(outcomes.values()).isEmpty();
        ROOM.proxy().accept();
        ROOM.await("it is settled", () -> outcomes.values().size() == 1);
        assertThat(NatsRoom.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        ROOM.await("the server knows", () -> ROOM.held("workers") == 0);
    }

    @Test
    void isToldLostInItsTimeWhenTheServerStaysAway() {
        MessageClient client = small(Duration.ofSeconds(2));
        Heard<Outcome> outcomes = working(client);
        ROOM.proxy().hold();
        fill(client, 16 * 1_024);
        work.tryEmitValue("done");
        ROOM.await("it has an outcome", () -> outcomes.values().size() == 1);
        assertThat(outcomes.values().get(0).kind()).isIn(Outcome.Kind.LOST, Outcome.Kind.UNKNOWN);
        ROOM.proxy().release();
    }

    @Test
    void publishesThatTimedOutMakeRoomForOthersWhileTheServerIsAway() {
        MessageClient client = small(Duration.ofSeconds(1));
        ROOM.await("a connection", () -> ROOM.told().count(Kind.CONNECTED) > 0);
        ROOM.proxy().refuse();
        ROOM.proxy().reset();
        ROOM.await("it is gone", () -> ROOM.told().count(Kind.DISCONNECTED) > 0);
        List<Heard<PublishReceipt>> first = fill(client, 16 * 1_024);
        ROOM.await("they have timed out", () -> first.stream().allMatch(Heard::hasEnded));
        ROOM.await("there is room", () -> !isFull(client));
        ROOM.proxy().accept();
    }

    private static boolean isFull(MessageClient client) {
        Heard<PublishReceipt> publish =
                ROOM.hear(client.publish(Message.to(ROOM.topic("bulk")).body(new byte[16 * 1_024])));
        return publish.hasEnded();
    }

    @Test
    void isDoneBesideAsManyPublishesAsRequestsMayBeOpen() {
        MessageClient client = small(NatsRoom.LIMIT);
        Heard<Outcome> outcomes = working(client);

        // Nobody answers there: as many requests as may be are open.
        ROOM.keep("mute", "\"storage\":\"memory\",\"no_ack\":true");
        List<Heard<PublishReceipt>> open = new ArrayList<>();
        for (int i = 0; i < 2 * REQUESTS; i++) {
            open.add(ROOM.hear(client.publish(Message.to("mute.x").body("" + i))));
        }
        ROOM.await("one finds no room", () -> open.stream().anyMatch(Heard::hasEnded));
        work.tryEmitValue("done");
        ROOM.await("it is settled", () -> outcomes.values().size() == 1);

        assertThat(NatsRoom.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }
}
