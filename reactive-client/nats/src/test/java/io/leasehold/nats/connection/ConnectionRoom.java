package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.pace.Backoff;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Connections to real and made-up servers, and that nothing of them is left. */
abstract class ConnectionRoom {
    static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    final HeardConnection heard = new HeardConnection();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<NatsConnection> connections = new ArrayList<>();
    private Scheduler time = Schedulers.newSingle("test-time");

    /** Has timers run elsewhere, before anything is opened. */
    void onTime(Scheduler other) {
        time.dispose();
        time = other;
    }

    <C extends AutoCloseable> C closing(C resource) {
        open.add(resource);
        return resource;
    }

    /** A real one, with more configuration in its own words; for classes that are {@code @WithServers}. */
    NatsServer server(String... settings) {
        return closing(NatsServer.start(NatsServers.newest(), String.join("\n", settings) + "\n"));
    }

    static ServerAddress address(NatsServer server) {
        return new ServerAddress("127.0.0.1", server.port(), false);
    }

    FakeServer fake() {
        return closing(new FakeServer());
    }

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A busy machine may be silent or slow for long, so silence is for the tests that are about it. */
    static final Timeouts PATIENT = Timeouts.builder(ConnectionSettings.PROTOCOL)
            .connectTimeout(MINUTE)
            .pingEvery(MINUTE)
            .pongTimeout(MINUTE)
            .build();

    static ConnectionSettings.Builder to(ServerAddress... servers) {
        return ConnectionSettings.builder().servers(List.of(servers)).timeouts(PATIENT);
    }

    static ConnectionSettings.Builder to(NatsServer one, NatsServer... others) {
        return to(Stream.concat(Stream.of(one), Stream.of(others))
                .map(ConnectionRoom::address)
                .toArray(ServerAddress[]::new));
    }

    /** The same, not waiting for long between attempts. */
    static ConnectionSettings.Builder quicklyTo(ServerAddress... servers) {
        return to(servers)
                .timeouts(PATIENT.mutate()
                        .reconnect(Backoff.fixed(Duration.ofMillis(10)))
                        .build());
    }

    NatsConnection open(ConnectionSettings.Builder settings) {
        return open(settings.build());
    }

    NatsConnection open(ConnectionSettings settings) {
        NatsConnection connection = made(settings);
        connection.connect();
        return connection;
    }

    /** One that does not connect yet. */
    NatsConnection made(ConnectionSettings settings) {
        NatsConnection connection = NatsConnection.of(settings, context(heard), heard);
        connections.add(connection);
        return connection;
    }

    /** One of which nothing is kept here, to be closed by who asks. */
    NatsConnection openUnnoted(ConnectionSettings settings) {
        NatsConnection connection = NatsConnection.of(settings, context(Recorder.NONE), ConnectionListener.NONE);
        connection.connect();
        return connection;
    }

    private ConnectionContext context(Recorder recorder) {
        return new ConnectionContext("tester", new Ticker(time), time, Schedulers.boundedElastic(), recorder);
    }

    /** Waits until everything that its thread had before was done, so that timers find it where it should be. */
    static void turn(NatsConnection connection) {
        CountDownLatch turn = new CountDownLatch(1);
        connection.execute(turn::countDown);
        try {
            assertThat(turn.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    NatsConnection up(ConnectionSettings.Builder settings) throws InterruptedException {
        return up(settings.build());
    }

    NatsConnection up(ConnectionSettings settings) throws InterruptedException {
        NatsConnection connection = open(settings);
        heard.await("up ");
        return connection;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        // A made-up server does not answer the flush of a close, but its end is one too.
        connections.forEach(NatsConnection::close);
        for (AutoCloseable each : open) {
            each.close();
        }
        for (NatsConnection connection : connections) {
            connection.close().block(LIMIT);
            assertThat(connection.pendingBytes()).isZero();
            assertThat(connection.openRequests()).isZero();
        }
        time.dispose();
        assertThat(heard.faults()).isEmpty();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().startsWith("leasehold-nats")) {
                each.join(LIMIT.toMillis());
                assertThat(each.isAlive()).as(each.getName()).isFalse();
            }
        }
    }
}
