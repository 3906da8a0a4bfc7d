package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.NatsCluster;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishSettings;
import io.leasehold.signal.MessagingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** A group lives on when the server that leads it is killed, whatever the others say of when it was made. */
@WithServers
class NatsLeaderKillIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int KILLS = 2;

    static List<ServerBinary> servers() {
        return NatsServers.all();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aGroupOutlivesItsLeaders(ServerBinary binary) {
        Told told = new Told();
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (NatsCluster cluster = NatsCluster.start(binary)) {
            MessageClient client = MessageClient.builder()
                    .broker(NatsBroker.connect(cluster.urls()))
                    .publishing(PublishSettings.builder().timeout(LIMIT).build())
                    .recorder(told)
                    .build();
            Heard<Outcome> outcomes = Heard.of(client.consumer("S.>", "workers", String.class)
                    .leaseTime(Duration.ofSeconds(6))
                    .startFrom(StartPosition.EARLIEST)
                    .handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
            publish(client, bodies, "first");
            for (int i = 0; i < KILLS; i++) {
                NatsServer leader = cluster.leaderOf("S", "workers");
                leader.kill();
                publish(client, bodies, "without " + i);
                leader.start();
                cluster.awaitReady();
                publish(client, bodies, "with " + i);
            }

            assertThat(outcomes.isOpen()).isTrue();
            assertThat(told.count(MessagingEvent.Kind.GROUP_DELETED)).isZero();
            outcomes.cancel();
            client.close().block(LIMIT);
        }
    }

    private static void publish(MessageClient client, List<String> bodies, String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to("S.a").body(body)));
        Threads.await("it is published", LIMIT, publish::hasEnded);
        assertThat(publish.error()).isNull();
        Threads.await("it is worked on", LIMIT, () -> bodies.contains(body));
    }
}
