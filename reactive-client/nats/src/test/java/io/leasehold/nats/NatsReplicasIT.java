package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Retention;
import io.leasehold.nats.server.NatsCluster;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On how many servers of a cluster messages are kept when nobody says it. */
@WithServers
class NatsReplicasIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static NatsCluster cluster;

    private final Told told = new Told();
    private MessageClient client;

    // One that does not get healthy is made anew.
    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void start() {
        cluster = NatsCluster.start(NatsServers.newest());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void close() {
        client.close().block(LIMIT);
        Threads.await("no threads are left", LIMIT, () -> Threads.ours().isEmpty());
    }

    private Object made(NatsSettings settings) {
        client = MessageClient.builder()
                .broker(NatsBroker.of(settings))
                .recorder(told)
                .build();
        client.declare("replicas" + settings.jetStream().streams().replicas() + ".>", Retention.defaults())
                .block(LIMIT);
        return told.events().stream()
                .filter(event -> event.kind() == MessagingEvent.Kind.STREAM_MADE)
                .findFirst()
                .orElseThrow()
                .details()
                .get("num_replicas");
    }

    @Test
    void aClusterOfThreeKeepsThreeAndSaysSo() {
        assertThat(made(NatsSettings.builder().servers(cluster.urls()).build())).isEqualTo(3);
    }

    @Test
    void whatIsAskedForIsMade() {
        assertThat(made(NatsSettings.builder()
                        .servers(cluster.urls())
                        .replicas(1)
                        .build()))
                .isEqualTo(1);
    }
}
