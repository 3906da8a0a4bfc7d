package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers do what is asked of them, and are gone when they are closed. */
@EachServer
class NatsServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String FILES = "\"storage\":\"file\"";

    private NatsServer server;

    @BeforeEach
    void start(ServerBinary binary) {
        server = NatsServer.start(binary);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.isRunning()).isFalse();
    }

    private RawNats connect() {
        return RawNats.connect(server.port());
    }

    private static void assertStored(RawNats nats, RawGroup group, long count) {
        Threads.await(
                "the stream",
                LIMIT,
                () -> nats.request("$JS.API.STREAM.INFO." + group.stream(), "")
                        .field("messages")
                        .isPresent());
        assertThat(nats.request("$JS.API.STREAM.INFO." + group.stream(), "").field("messages"))
                .contains(Long.toString(count));
    }

    @Test
    void itSaysWhichVersionItIs(ServerBinary binary) {
        try (RawNats nats = connect()) {
            assertThat(nats.infos().get(0)).contains("\"version\":\"" + binary.version() + "\"", "\"jetstream\":true");
        }

        Threads.await("it is healthy", LIMIT, () -> server.monitor("/healthz").startsWith("200"));
        assertThat(server.toString()).contains(binary.version().toString(), server.url());
    }

    @Test
    void whatWasStoredIsThereAfterARestartOnTheSamePort() {
        RawGroup group;
        try (RawNats nats = connect()) {
            group = RawGroup.create(nats, FILES, "\"max_deliver\":5");
            group.store("one");
            server.restart();
            Threads.await("the end of the connection", LIMIT, nats::hasEnded);
        }
        try (RawNats nats = connect()) {
            assertStored(nats, group, 1);
        }
    }

    @Test
    void whatWasStoredIsThereAfterACrash() {
        RawGroup group;
        try (RawNats nats = connect()) {
            group = RawGroup.create(nats, FILES, "\"max_deliver\":5");
            group.store("one");
            server.kill();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(this::connect).hasMessageContaining("refused");
        }
        server.start();
        try (RawNats nats = connect()) {
            assertStored(nats, group, 1);
        }
    }

    @Test
    void aFrozenServerIsSilentUntilItGoesOn() {
        try (RawNats nats = connect()) {
            int inbox = nats.subscribe("echo");
            nats.flush();
            server.freeze();
            nats.publish("echo", "one");
            assertThat(nats.next(inbox, Duration.ofMillis(200))).isEmpty();
            server.thaw();
            assertThat(nats.next(inbox).body()).isEqualTo("one");
            assertThat(nats.hasEnded()).isFalse();
        }
    }

    @Test
    void aFrozenServerCanBeClosed() {
        server.freeze();
        server.close();
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void aLameDuckWarnsItsClientsAndThenEnds() {
        try (RawNats nats = connect()) {
            server.lameDuck();
            Threads.await(
                    "a warning", LIMIT, () -> nats.infos().stream().anyMatch(info -> info.contains("\"ldm\":true")));
            Threads.await("the end of the connection", LIMIT, nats::hasEnded);
        }
        Threads.await("the end of the server", LIMIT, () -> !server.isRunning());
    }

    @Test
    void moreConfigurationIsTakenAtTheNextStart() {
        server.configure("max_payload: 1000\n");
        server.restart();
        try (RawNats nats = connect()) {
            assertThat(nats.infos().get(0)).contains("\"max_payload\":1000");
        }
    }

    @Test
    void aWrongConfigurationIsToldInTheServersWords(ServerBinary binary) {
        assertThatThrownBy(() -> NatsServer.start(binary, "max_payload: nonsense\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nats-server " + binary.version())
                .hasMessageContaining("server.conf:");
    }

    @Test
    void theServerOfTheRunIsSharedByItsTests(NatsServer shared) {
        try (RawNats nats = RawNats.connect(shared.port())) {
            assertThat(nats.request("$JS.API.INFO", "").field("streams")).isPresent();
        }
        assertThat(shared.port()).isNotEqualTo(server.port());
    }
}
