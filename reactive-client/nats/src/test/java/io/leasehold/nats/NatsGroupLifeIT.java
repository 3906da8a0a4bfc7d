package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.FencingToken;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The life of a group over restarts of its server, and after it was deleted. */
@EachServer
class NatsGroupLifeIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration T = Duration.ofSeconds(8);

    private final List<MessageClient> clients = new ArrayList<>();
    private final List<Heard<?>> heard = new ArrayList<>();
    private final Told told = new Told();
    private NatsServer server;

    @BeforeEach
    void start(ServerBinary binary) {
        server = NatsServer.start(binary);
    }

    @AfterEach
    void stop() {
        heard.forEach(Heard::cancel);
        clients.forEach(client -> client.close().block(LIMIT));
        server.close();
        assertThat(told.faults()).isEmpty();
    }

    private static void await(String what, BooleanSupplier holds) {
        Threads.await(what, LIMIT, holds);
    }

    private MessageClient client(UnaryOperator<NatsSettings.Builder> change) {
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.of(change.apply(NatsSettings.builder().servers(server.url()))
                        .build()))
                .publishing(PublishSettings.builder().timeout(LIMIT).build())
                .recorder(told)
                .build();
        clients.add(client);
        return client;
    }

    private MessageConsumer<String> consumer(MessageClient client) {
        return consumer(client, T);
    }

    private MessageConsumer<String> consumer(MessageClient client, Duration leaseTime) {
        return client.consumer("S.>", "workers", String.class)
                .leaseTime(leaseTime)
                .startFrom(StartPosition.EARLIEST);
    }

    private Heard<Outcome> work(MessageClient client, List<String> bodies, List<FencingToken> tokens) {
        Heard<Outcome> outcomes = Heard.of(consumer(client)
                .handle(delivery -> Mono.fromRunnable(() -> {
                    // Whoever sees the body finds its token.
                    tokens.add(delivery.lease().fencingToken().orElseThrow());
                    bodies.add(delivery.body());
                })));
        heard.add(outcomes);
        return outcomes;
    }

    private void publish(MessageClient client, String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to("S.a").body(body)));
        await("it is published", publish::hasEnded);
        assertThat(publish.error()).isNull();
    }

    private String api(String what, String body) {
        try (RawNats raw = RawNats.connect(server.port())) {
            return raw.request("$JS.API." + what, body).body();
        }
    }

    // ---- restarts

    @Test
    void aRedeliveryThatIsHeldStaysHeldOverRestarts() {
        MessageClient client = client(any -> any);
        // A restart and the way back take some seconds on a busy machine.
        Heard<Delivery<String>> deliveries =
                Heard.of(consumer(client, T.multipliedBy(3).dividedBy(2)).deliveries());
        heard.add(deliveries);
        await("the group", () -> !api("CONSUMER.INFO.S.workers", "").contains("\"error\""));
        publish(client, "x");
        await("it came", () -> deliveries.values().size() == 1);
        deliveries.values().get(0).lease().nak().block(LIMIT);
        await("it came again", () -> deliveries.values().size() == 2);
        Delivery<String> held = deliveries.values().get(1).keep();
        // What was never touched a restarted server takes for lent when its message was stored.
        int first = told.touches();
        await("it is touched", () -> told.touches() > first);
        for (int i = 1; i <= 2; i++) {
            long seen = i;
            server.restart();
            await("it is back", () -> told.count(MessagingEvent.Kind.CONNECTED) > seen);
            int before = told.touches();
            await(
                    "it is touched",
                    () -> told.touches() > before + 1 || !told.losses().isEmpty());
        }

        assertThat(told.losses()).isEmpty();
        assertThat(told.count(MessagingEvent.Kind.GROUP_DELETED)).isZero();
        held.lease().ack().block(LIMIT);
    }

    /** Whoever begins after a restart gives tokens of the same life. */
    @Test
    void tokensOfOneLifeAreComparableOverRestartsAndClients() {
        List<FencingToken> tokens = new CopyOnWriteArrayList<>();
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient first = client(any -> any);
        work(first, bodies, tokens);
        publish(first, "1");
        await("it was worked on", () -> bodies.size() == 1);
        await("that is known", () -> api("CONSUMER.INFO.S.workers", "").contains("\"num_ack_pending\":0"));
        server.restart();
        first.close().block(LIMIT);
        MessageClient second = client(any -> any);
        work(second, bodies, tokens);
        publish(second, "2");
        await("the other one, too", () -> bodies.size() == 2);

        assertThat(tokens.get(1).lifetime()).isEqualTo(tokens.get(0).lifetime());
        assertThat(tokens.get(1).isNewerThan(tokens.get(0))).isTrue();
    }

    // ---- made again

    @Test
    void aGroupThatIsDeletedIsMadeAgainAndGoesOnBehindWhatItHadSettled() {
        List<FencingToken> tokens = new CopyOnWriteArrayList<>();
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = client(any -> any);
        Heard<Outcome> outcomes = work(client, bodies, tokens);
        publish(client, "1");
        publish(client, "2");
        await("both are settled", () -> outcomes.values().size() == 2);
        await("that is known", () -> api("CONSUMER.INFO.S.workers", "").contains("\"num_ack_pending\":0"));
        api("CONSUMER.DELETE.S.workers", "");
        await("it is told", () -> told.count(MessagingEvent.Kind.GROUP_DELETED) == 1);
        publish(client, "3");
        await("it goes on", () -> bodies.contains("3"));

        assertThat(outcomes.isOpen()).isTrue();
        FencingToken last = tokens.get(tokens.size() - 1);
        assertThat(last.lifetime()).isGreaterThan(tokens.get(0).lifetime());
    }

    @Test
    void aStreamInMemoryThatARestartForgotIsMadeAgain() {
        List<FencingToken> tokens = new CopyOnWriteArrayList<>();
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = client(settings -> settings.storage(NatsStorage.MEMORY));
        Heard<Outcome> outcomes = work(client, bodies, tokens);
        publish(client, "1");
        await("it was worked on", () -> bodies.size() == 1);
        server.restart();
        publish(client, "2");
        await("it goes on", () -> bodies.contains("2"));

        assertThat(outcomes.isOpen()).isTrue();
        assertThat(tokens.get(1).isNewerThan(tokens.get(0))).isTrue();
    }

    @Test
    void whatAProducerAloneNeedsIsMadeAgainForIt() {
        MessageClient client = client(settings -> settings.storage(NatsStorage.MEMORY).stream(
                NatsStream.builder("NAMED").subjects("S.>").build()));
        publish(client, "1");
        server.restart();
        publish(client, "2");

        assertThat(api("STREAM.INFO.NAMED", "")).contains("\"messages\":1");
    }

    @Test
    void whereNothingMayBeMadeADeletedGroupEndsItsConsumer() {
        api("STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"S.>\"]}");
        api(
                "CONSUMER.DURABLE.CREATE.S.workers",
                "{\"stream_name\":\"S\",\"config\":{\"durable_name\":\"workers\",\"ack_policy\":\"explicit\","
                        + "\"ack_wait\":" + T.toNanos() + ",\"filter_subject\":\"S.>\"}}");
        MessageClient client = client(settings -> settings.streams(NatsStreams.USE));
        List<String> bodies = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes = work(client, bodies, new CopyOnWriteArrayList<>());
        publish(client, "1");
        await("it was worked on", () -> bodies.size() == 1);
        api("CONSUMER.DELETE.S.workers", "");
        await("it has ended", outcomes::hasEnded);

        assertThat(outcomes.code()).isEqualTo(ErrorCode.GROUP_GONE);
        assertThat(outcomes.error()).hasMessageContaining("stream S");
    }

    // ---- groups that come and go

    @Test
    void aTemporaryGroupIsDeletedSomeTimeAfterItsLastConsumer() {
        MessageClient client = client(any -> any);
        Heard<Outcome> outcomes =
                Heard.of(consumer(client).temporary(Duration.ofSeconds(1)).handle(delivery -> Mono.empty()));
        heard.add(outcomes);
        await("it is there", () -> !api("CONSUMER.INFO.S.workers", "").contains("\"error\""));
        outcomes.cancel();

        await("it is gone", () -> api("CONSUMER.INFO.S.workers", "").contains("\"error\""));
    }
}
