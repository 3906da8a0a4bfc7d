package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsCluster;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** A group lives on when the server that leads it is killed, whatever the others say of when it was made. */
@EachServer
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NatsLeaderKillIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    // By default it is given up after some 3 s; on a busy machine an election takes longer.
    private static final RetryPolicy UNTIL_ELECTED = RetryPolicy.fixed(200, Duration.ofMillis(300));

    // Longer than lives of a group are told apart by.
    private static final Duration AWAY = Duration.ofSeconds(7);

    private final Told told = new Told();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private MessageClient client(String urls) {
        return MessageClient.builder()
                .broker(NatsBroker.connect(urls))
                .publishing(PublishSettings.builder()
                        .timeout(LIMIT)
                        .retry(UNTIL_ELECTED)
                        .build())
                .recorder(told)
                .build();
    }

    private Heard<Outcome> work(MessageClient client) {
        return Heard.of(client.consumer("S.>", "workers", String.class)
                .leaseTime(Duration.ofSeconds(6))
                .startFrom(StartPosition.EARLIEST)
                .handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
    }

    @Test
    @Scenario(30)
    void aGroupOutlivesItsLeaders(ServerBinary binary) {
        try (NatsCluster cluster = NatsCluster.start(binary)) {
            MessageClient client = client(cluster.urls());
            Heard<Outcome> outcomes = work(client);
            publish(client, "first");
            NatsServer leader = cluster.leaderOf("S", "workers");
            outlives(client, cluster, leader, "first kill");
            // What started again may tell another instant than all others.
            cluster.lead("S", "workers", leader);
            awaitQuestions(leader);
            outlives(client, cluster, leader, "second kill");

            assertThat(outcomes.isOpen()).isTrue();
            assertThat(told.count(MessagingEvent.Kind.GROUP_DELETED)).isZero();
            outcomes.cancel();
            client.close().block(LIMIT);
        }
    }

    /** Before 2.11 what it told after its restart was when it had heard of the group, which may be at any time. */
    @Test
    void aGroupOutlivesALeaderThatHeardOfItLate(ServerBinary binary) {
        try (NatsCluster cluster = NatsCluster.start(binary)) {
            NatsServer late = cluster.otherThan(cluster.metaLeader().orElseThrow());
            late.freeze();
            MessageClient client = client(cluster.otherThan(late).url());
            Heard<Outcome> outcomes = work(client);
            publish(client, "while one is away");
            long worked = System.nanoTime();
            Threads.await("an instant of its own", LIMIT, () -> System.nanoTime() - worked > AWAY.toNanos());
            late.thaw();
            cluster.awaitReady();
            publish(client, "whole again");
            late.restart();
            cluster.awaitReady();
            cluster.lead("S", "workers", late);
            publish(client, "led by the one that was away");
            awaitQuestions(late);
            publish(client, "still there");

            assertThat(outcomes.isOpen()).isTrue();
            assertThat(told.count(MessagingEvent.Kind.GROUP_DELETED)).isZero();
            outcomes.cancel();
            client.close().block(LIMIT);
        }
    }

    private void outlives(MessageClient client, NatsCluster cluster, NatsServer leader, String kill) {
        leader.kill();
        publish(client, "after the " + kill);
        leader.start();
        cluster.awaitReady();
        publish(client, "whole again after the " + kill);
    }

    /** While something was held lately the group is looked at from time to time: the second time the first is over. */
    private static void awaitQuestions(NatsServer server) {
        try (RawNats raw = RawNats.connect(server.port())) {
            int asked = raw.subscribe("$JS.API.CONSUMER.INFO.S.workers");
            raw.next(asked);
            raw.next(asked);
        }
    }

    private void publish(MessageClient client, String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to("S.a").body(body)));
        Threads.await("it is published", LIMIT, publish::hasEnded);
        assertThat(publish.error()).isNull();
        Threads.await("it is worked on", LIMIT, () -> bodies.contains(body));
    }
}
