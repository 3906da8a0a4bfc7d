package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.ServerBinary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a server does not take ends what asked for it, by its code, and nothing else. */
@EachServer
class NatsRefusalsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration T = Duration.ofSeconds(6);
    private static final String USERS = """
            authorization { users: [
              { user: all, password: all },
              { user: few, password: few, permissions: { publish: { deny: [%s] } } }
            ] }
            no_auth_user: all
            """;
    private static final String DENIED = """
            "S.denied.>", "$JS.API.CONSUMER.MSG.NEXT.S.unpulled", "$JS.ACK.S.unacked.>", \
            "$JS.API.CONSUMER.CREATE.S.unmade.>", "$JS.API.CONSUMER.CREATE.S.unmade", \
            "$JS.API.CONSUMER.DURABLE.CREATE.S.unmade\"""";

    private final List<MessageClient> clients = new ArrayList<>();
    private final Told told = new Told();
    private NatsServer server;
    private RawNats raw;

    @BeforeEach
    void start(ServerBinary binary) {
        server = NatsServer.start(binary, USERS.formatted(DENIED));
        raw = RawNats.connect(server.port());
    }

    @AfterEach
    void stop() {
        clients.forEach(client -> client.close().block(LIMIT));
        raw.close();
        server.close();
        await("no threads are left", () -> Threads.ours().isEmpty());
    }

    private static void await(String what, BooleanSupplier holds) {
        Threads.await(what, LIMIT, holds);
    }

    private String api(String what, String body) {
        return raw.request("$JS.API." + what, body).body();
    }

    private void keep(String keys) {
        assertThat(api("STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"S.>\"],%s}".formatted(keys)))
                .doesNotContain("\"error\"");
    }

    private MessageClient client(NatsSettings settings) {
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.of(settings))
                .recorder(told)
                .build();
        clients.add(client);
        return client;
    }

    private MessageClient client() {
        return client(NatsSettings.builder().servers(server.url()).build());
    }

    private MessageClient restricted() {
        return client(NatsSettings.builder()
                .servers(server.url())
                .username("few")
                .password("few")
                .build());
    }

    private static Heard<PublishReceipt> publish(MessageClient client, String topic, String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to(topic).body(body)));
        await("the publish has ended", publish::hasEnded);
        return publish;
    }

    private static Heard<Outcome> consume(MessageClient client, String group, List<String> bodies) {
        return Heard.of(client.consumer("S.>", group, String.class)
                .leaseTime(T)
                .startFrom(StartPosition.EARLIEST)
                .handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
    }

    // ---- streams

    @ParameterizedTest
    @ValueSource(strings = {"\"max_msgs\":3", "\"max_bytes\":700"})
    void aFullStreamIsToldByItsCodeAndTakesMoreWhenThereIsRoom(String bound) {
        keep("\"storage\":\"file\",\"discard\":\"new\"," + bound);
        MessageClient client = client();
        String body = "x".repeat(150);
        for (int i = 0; i < 3; i++) {
            assertThat(publish(client, "S.a", body).error()).isNull();
        }
        assertThat(publish(client, "S.a", body).code()).isEqualTo(ErrorCode.BROKER_FULL);
        api("STREAM.PURGE.S", "");

        assertThat(publish(client, "S.a", body).values())
                .extracting(PublishReceipt::sequence)
                .containsExactly(4L);
    }

    @Test
    @Scenario(19)
    void aMessageForWhichThereIsNoStreamIsRefused() {
        keep("\"storage\":\"memory\"");
        MessageClient client = client();
        assertThat(publish(client, "nowhere.a", "x").code()).isEqualTo(ErrorCode.NO_GROUP);
        assertThat(publish(client, "S.a", "x").error()).isNull();
    }

    @Test
    void instancesThatDeclareTheSameMakeItOnceAndShareIt() {
        List<String> bodies = new CopyOnWriteArrayList<>();
        List<Heard<Outcome>> outcomes = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            outcomes.add(consume(client(), "same", bodies));
        }
        await("the consumer", () -> !api("CONSUMER.INFO.S.same", "").contains("\"error\""));
        String made = created();
        for (int i = 0; i < 20; i++) {
            assertThat(publish(clients.get(0), "S.a", "m" + i).error()).isNull();
        }
        outcomes.add(consume(client(), "same", bodies));
        await("all were worked on", () -> bodies.size() == 20);

        assertThat(bodies).doesNotHaveDuplicates();
        assertThat(outcomes).allMatch(Heard::isOpen);
        assertThat(created()).isEqualTo(made);
    }

    private String created() {
        return raw.request("$JS.API.CONSUMER.INFO.S.same", "").field("created").orElseThrow();
    }

    // ---- permissions

    @Test
    @Scenario(19)
    void aPublishThatIsNotPermittedEndsAndNoOther() {
        keep("\"storage\":\"memory\"");
        MessageClient client = restricted();
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String topic = i % 2 == 0 ? "S.denied." + i : "S.free." + i;
            publishes.add(Heard.of(client.publish(Message.to(topic).id("m" + i).body("x"))));
        }
        await("all have ended", () -> publishes.stream().allMatch(Heard::hasEnded));
        for (int i = 0; i < 20; i++) {
            assertThat(publishes.get(i).code()).isEqualTo(i % 2 == 0 ? ErrorCode.NOT_PERMITTED : null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unpulled", "unmade"})
    void aConsumerThatIsNotPermittedEndsAndNoOther(String group) {
        keep("\"storage\":\"memory\"");
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = restricted();
        Heard<Outcome> other = consume(client, "other", bodies);
        Heard<Outcome> denied = consume(client, group, bodies);
        await("it has ended", denied::hasEnded);
        assertThat(denied.code()).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(publish(client, "S.a", "good").error()).isNull();
        await("the other goes on", () -> other.values().size() == 1);

        assertThat(other.isOpen()).isTrue();
        assertThat(bodies).containsExactly("good");
    }

    /** What it works on is worked on again and again: it has to be seen. */
    @Test
    void anAckThatIsNotPermittedIsNoAck() {
        keep("\"storage\":\"memory\"");
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = restricted();
        Heard<Outcome> unacked = consume(client, "unacked", bodies);
        Heard<Outcome> other = consume(client, "other", bodies);
        assertThat(publish(client, "S.a", "x").error()).isNull();
        await("the other goes on", () -> other.values().size() == 1);
        await("the outcome is told", () -> !unacked.values().isEmpty());

        assertThat(other.values().get(0).kind()).isEqualTo(Outcome.Kind.ACKED);
        assertThat(unacked.values().get(0).kind()).isIn(Outcome.Kind.UNKNOWN, Outcome.Kind.LOST);
        assertThat(told.events())
                .filteredOn(event -> event.kind() == MessagingEvent.Kind.SERVER_COMPLAINED)
                .extracting(MessagingEvent::code)
                .contains(ErrorCode.NOT_PERMITTED);
    }
}
