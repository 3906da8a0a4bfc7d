package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.ServerBinary;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The least that a client has to be permitted, and that no other user can then read its answers or ack for it. */
@EachServer
class NatsPermissionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MESSAGES = 50;
    private static final String USERS = """
            authorization { users: [
              { user: all, password: all },
              { user: eve, password: eve, permissions: {
                  publish: { allow: ["S.>", "$JS.ACK.S.eve.>"] }, subscribe: { allow: ["inbox.eve.>"] } } },
              { user: desk, password: desk, permissions: {
                  publish: { allow: [
                    "S.>",
                    "$JS.API.STREAM.NAMES",
                    "$JS.API.CONSUMER.*.S.desk", "$JS.API.CONSUMER.CREATE.S.desk.>",
                    "$JS.API.CONSUMER.DURABLE.CREATE.S.desk", "$JS.API.CONSUMER.MSG.NEXT.S.desk",
                    "$JS.ACK.S.desk.>"] },
                  subscribe: { allow: [
                    "inbox.desk.>",
                    "$JS.ACK.S.desk.>", "$JS.ACK.*.*.S.desk.>",
                    "$JS.EVENT.ADVISORY.CONSUMER.*.S.desk"] } } }
            ] }
            no_auth_user: all
            """;

    private NatsServer server;
    private MessageClient desk;

    @BeforeEach
    void start(ServerBinary binary) {
        server = NatsServer.start(binary, USERS);
        try (RawNats admin = RawNats.connect(server.port())) {
            assertThat(admin.request("$JS.API.STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"S.>\"]}")
                            .body())
                    .doesNotContain("\"error\"");
        }
        desk = MessageClient.builder()
                .broker(NatsBroker.of(NatsSettings.builder()
                        .servers(server.url())
                        .username("desk")
                        .password("desk")
                        .inboxPrefix("inbox.desk")
                        .build()))
                .build();
    }

    @AfterEach
    void stop() {
        desk.close().block(LIMIT);
        server.close();
    }

    private RawNats eve() {
        RawNats eve = RawNats.open(server.port());
        eve.send("CONNECT {\"verbose\":false,\"user\":\"eve\",\"pass\":\"eve\",\"protocol\":1,\"headers\":true}\r\n");
        eve.flush();
        return eve;
    }

    private Heard<Outcome> consume() {
        return Heard.of(desk.consumer("S.>", "desk", String.class)
                .startFrom(StartPosition.EARLIEST)
                .handle(delivery -> Mono.empty()));
    }

    @Test
    void thisIsEnough() {
        Heard<Outcome> outcomes = consume();
        Heard<?> published = Heard.of(desk.publishAll(
                Flux.range(0, MESSAGES).map(i -> Message.to("S.a").body("m" + i))));
        Threads.await("all are published", LIMIT, published::hasEnded);
        assertThat(published.error()).isNull();
        Threads.await("all are handled", LIMIT, () -> outcomes.values().size() == MESSAGES);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
        outcomes.cancel();
    }

    @Test
    void nobodyElseReadsItsAnswersOrAcksForIt() {
        try (RawNats eve = eve()) {
            int spying = eve.subscribe("inbox.desk.>");
            int more = eve.subscribe("inbox.>");
            eve.publish("$JS.ACK.S.desk.1.1.1.1.0", "+ACK");
            eve.flush();
            assertThat(eve.errors())
                    .anyMatch(error -> error.contains("Subscription to \"inbox.desk.>\""))
                    .anyMatch(error -> error.contains("Subscription to \"inbox.>\""))
                    .anyMatch(error -> error.contains("Publish to \"$JS.ACK.S.desk.1.1.1.1.0\""));
            thisIsEnough();
            assertThat(eve.next(spying, Duration.ZERO)).isEmpty();
            assertThat(eve.next(more, Duration.ZERO)).isEmpty();
        }
    }
}
