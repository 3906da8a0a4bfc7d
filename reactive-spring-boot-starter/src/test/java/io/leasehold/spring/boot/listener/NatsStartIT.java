package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsBroker;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import io.leasehold.spring.boot.server.LocalNats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Whether trouble with the broker stops the start is what fail-fast says, and never a question of timing. */
class NatsStartIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static LocalNats server;

    @BeforeAll
    static void start() {
        server = LocalNats.start();
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    private static ApplicationContextRunner at(String url, boolean failFast) {
        return at(url, failFast, Duration.ofSeconds(2));
    }

    private static ApplicationContextRunner at(String url, boolean failFast, Duration connectTimeout) {
        return Contexts.runner()
                .withBean(Desk.class)
                .withPropertyValues(
                        "leasehold.nats.servers=" + url,
                        "leasehold.nats.connection.fail-fast=" + failFast,
                        "leasehold.nats.connection.connect-timeout=" + connectTimeout.toSeconds() + "s",
                        "leasehold.nats.streams.policy=use",
                        "leasehold.nats.streams.storage=memory");
    }

    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "nats://127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static MessagingException causeOf(AssertableApplicationContext context) {
        Throwable cause = context.getStartupFailure();
        while (cause != null && !(cause instanceof MessagingException)) {
            cause = cause.getCause();
        }
        return (MessagingException) cause;
    }

    @RepeatedTest(5)
    void withFailFastAndNoServerTheStartEndsAndSaysWhy() throws IOException {
        String url = nobody();
        at(url, true).run(context -> {
            assertThat(context).hasFailed();
            assertThat(causeOf(context).code()).isEqualTo(ErrorCode.DISCONNECTED);
            assertThat(causeOf(context)).hasMessageContaining(url.substring("nats://".length()));
        });
    }

    @Test
    void withoutFailFastTheApplicationStartsAndWaits() throws IOException {
        at(nobody(), false).run(context -> assertThat(context).hasNotFailed());
    }

    @RepeatedTest(3)
    void withFailFastAStreamThatIsMissingEndsTheStartAndTheListenerIsNamed() {
        at(server.url(), true, LIMIT).run(context -> {
            assertThat(context).hasFailed();

            MessagingException cause = causeOf(context);

            assertThat(cause.code().category()).isEqualTo(ErrorCode.Category.BROKER);
            assertThat(cause.subject()).contains("Desk.on(String)");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive", "ARCHIVE", "archiveLeaseholdClient"})
    void withFailFastOfANamedClientItEndsTheStartHoweverTheListenerNamesTheClient(String name) {
        Contexts.runner()
                .withBean(OtherDesk.class)
                .withPropertyValues(
                        "desk.client=" + name,
                        "leasehold.clients.archive.nats.servers=" + server.url(),
                        "leasehold.clients.archive.nats.connection.fail-fast=true",
                        "leasehold.clients.archive.nats.streams.policy=use")
                .run(context -> {
                    assertThat(context).hasFailed();

                    MessagingException cause = causeOf(context);

                    assertThat(cause.code().category()).isEqualTo(ErrorCode.Category.BROKER);
                    assertThat(cause.subject()).contains("OtherDesk.on(String)");
                    assertThat(cause.remedy()).contains("leasehold.clients.archive.nats.streams.policy");
                });
    }

    @Test
    void withoutItTheListenerGoesOnTryingAndBeginsWhenTheStreamIsThere() {
        try (LocalNats own = LocalNats.start()) {
            at(own.url(), false).run(context -> {
                assertThat(context).hasNotFailed();

                LeaseListenerRegistry registry = context.getBean(LeaseListenerRegistry.class);
                assertThat(awaitPhase(registry, Phase.RETRYING).code().category())
                        .isEqualTo(ErrorCode.Category.BROKER);

                provision(own);

                awaitPhase(registry, Phase.RUNNING);
            });
        }
    }

    private static ListenerStatus awaitPhase(LeaseListenerRegistry registry, Phase phase) {
        return Awaitility.await().atMost(LIMIT).until(() -> registry.status("desk"), status -> status.phase() == phase);
    }

    // As somebody else does whom nobody tells.
    private static void provision(LocalNats at) {
        MessageClient other =
                MessageClient.builder().broker(NatsBroker.connect(at.url())).build();
        MessageConsumer<String> consumer = other.consumer("planned.>", "desk", String.class);
        Disposable running = consumer.handle(delivery -> Mono.empty()).subscribe();
        consumer.control().begun().block(LIMIT);
        running.dispose();
        other.close().block(LIMIT);
    }

    /** Listens to such a stream with a client that a property names. */
    static final class OtherDesk {
        @LeaseListener(topic = "planned.>", group = "desk", client = "${desk.client}")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** Listens to a stream that somebody else makes. */
    static final class Desk {
        @LeaseListener(topic = "planned.>", group = "desk")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }
}
