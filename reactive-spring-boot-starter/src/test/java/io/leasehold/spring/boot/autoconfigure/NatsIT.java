package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.lease.Lease;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.leasehold.spring.boot.server.LocalNats;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** With one property, what works on the embedded broker works on a real server. */
class NatsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "s3cr3t-desk";
    private static LocalNats server;

    @BeforeAll
    static void start() {
        server = LocalNats.start("authorization { user: desk, password: \"" + PASSWORD + "\" }\n");
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    private static ApplicationContextRunner runner(String... more) {
        return Contexts.runner()
                .withPropertyValues(
                        "leasehold.nats.servers=" + server.url(),
                        "leasehold.nats.credentials.username=desk",
                        "leasehold.nats.credentials.password=" + PASSWORD,
                        "leasehold.nats.streams.storage=memory",
                        "leasehold.consumer.lease-time=30s")
                .withPropertyValues(more);
    }

    @Test
    void aListenerHearsWhatTheClientPublishes() {
        runner().withBean(Desk.class).run(context -> {
            MessageClient client = context.getBean(MessageClient.class);
            Desk desk = context.getBean(Desk.class);
            List<Message> messages = List.of(
                    Message.to("tremors.nc").body("4.1"),
                    Message.to("tremors.us").body("5.5"));

            // Its stream is made by its listener, which starts at the same time.
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(client.publishAll(reactor.core.publisher.Flux.fromIterable(messages))
                                            .all(result -> result.isConfirmed())
                                            .block(LIMIT))
                                    .isTrue());
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(desk.heard).contains("4.1", "5.5"));
            assertThat(desk.tokens).isNotEmpty();
        });
    }

    @Test
    void wrongCredentialsAreShownAsEventsWithoutThem() {
        runner("leasehold.nats.credentials.password=wrong-" + PASSWORD).run(context -> {
            MessageClient client = context.getBean(MessageClient.class);
            Queue<String> events = new ConcurrentLinkedQueue<>();
            client.events().map(String::valueOf).subscribe(events::add);

            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(events).anyMatch(event -> event.contains("CONNECT_FAILED")));
            assertThat(events).noneMatch(event -> event.contains(PASSWORD));
        });
    }

    static class Desk {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        final Queue<String> tokens = new ConcurrentLinkedQueue<>();

        @LeaseListener(topic = "tremors.>", group = "desk")
        void assess(String body, Lease lease) {
            lease.fencingToken().ifPresent(token -> tokens.add(token.toString()));
            heard.add(body);
        }
    }
}
