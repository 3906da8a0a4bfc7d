package io.leasehold.spring.boot.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.server.LocalNats;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Health as it is with a server: it goes away, or it has messages that nobody here works off. */
class NatsHealthIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static ApplicationContextRunner at(LocalNats server) {
        return Contexts.runner()
                .withConfiguration(AutoConfigurations.of(LeaseholdHealthAutoConfiguration.class))
                .withPropertyValues(
                        "leasehold.nats.servers=" + server.url(),
                        "leasehold.nats.streams.storage=memory",
                        "leasehold.health.stuck-after=1s",
                        "leasehold.consumer.concurrency=1",
                        "leasehold.consumer.drain-timeout=0s");
    }

    // Within a second, whatever the server does; what the machine takes to run it is not counted.
    private static Health healthIn(AssertableApplicationContext context) {
        long begun = System.nanoTime();
        Health health = ClientHealthTest.healthIn(context);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        return health;
    }

    private static void awaitStatus(AssertableApplicationContext context, Status status, String said) {
        Awaitility.await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            Health health = healthIn(context);

            assertThat(health.getStatus()).isEqualTo(status);
            assertThat(String.valueOf(health.getDetails())).contains(said);
        });
    }

    private static void publish(AssertableApplicationContext context, String topic) {
        MessageClient client = context.getBean(MessageClient.class);
        // The stream is made when the listener has begun.
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> client.publish(Message.to(topic).body("a")).block(LIMIT) != null);
    }

    @Test
    void itIsDownWhileTheServerIsAway() {
        try (LocalNats server = LocalNats.start()) {
            at(server).withBean(ClientHealthTest.Works.class).run(context -> {
                publish(context, "works");
                awaitStatus(context, Status.UP, "broker=reachable");

                server.stop();

                awaitStatus(context, Status.DOWN, "the broker cannot be reached");
            });
        }
    }

    @Test
    void itIsDownWhenTheServerHasBeenGivenUp() {
        try (LocalNats server = LocalNats.start("authorization { user: desk, password: \"right\" }\n")) {
            at(server)
                    .withPropertyValues(
                            "leasehold.nats.credentials.username=desk",
                            "leasehold.nats.credentials.password=wrong",
                            "leasehold.nats.connection.refused-for=1s")
                    .run(context -> {
                        awaitStatus(context, Status.DOWN, "CLOSED");
                        awaitStatus(context, Status.DOWN, "the broker cannot be reached");
                    });
        }
    }

    @Test
    void itIsDownWhileMessagesWaitAndNothingIsSettled() {
        ClientHealthTest.Ignores ignores = new ClientHealthTest.Ignores();
        try (LocalNats server = LocalNats.start()) {
            at(server)
                    .withBean(ClientHealthTest.Ignores.class, () -> ignores)
                    .withPropertyValues("leasehold.listeners.ignores.handler-timeout=100ms")
                    .run(context -> {
                        publish(context, "ignores");
                        publish(context, "ignores");
                        publish(context, "ignores");
                        awaitStatus(context, Status.DOWN, "wait for group ignores");

                        ignores.released.countDown();

                        awaitStatus(context, Status.UP, "ignores=RUNNING");
                    });
        }
    }
}
