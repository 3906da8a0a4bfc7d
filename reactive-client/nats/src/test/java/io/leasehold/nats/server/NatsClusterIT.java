package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster keeps what was stored, whichever node goes. */
@WithServers
class NatsClusterIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String REPLICATED = "\"storage\":\"file\",\"num_replicas\":3";

    /** Seen: redelivered up to 5 ms before the lease was over, counted from the pull. */
    private static final Duration CUT_OFF = Duration.ofMillis(20);

    private static NatsCluster cluster;

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

    @BeforeEach
    void whole() {
        cluster.awaitReady();
    }

    private static RawNats connect(NatsServer node) {
        return RawNats.connect(node.port());
    }

    private static RawGroup group(RawNats nats) {
        RawGroup group = RawGroup.create(nats, REPLICATED, "\"ack_wait\":60000000000");
        group.store("one");
        return group;
    }

    private static boolean accepts(NatsServer node, String subject) {
        try (RawNats nats = connect(node)) {
            Optional<RawMessage> answer = nats.answer(subject, "", "more", Duration.ofSeconds(1));
            return answer.flatMap(stored -> stored.field("seq"))
                    .filter(seq -> !seq.equals("0"))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "frozen", "restarted", "isolated", "lame duck"})
    void streamsGoOnWhateverHappensToTheirLeader(String what) {
        RawGroup group;
        try (RawNats nats = connect(cluster.nodes().get(0))) {
            group = group(nats);
        }
        NatsServer leader = cluster.leaderOf(group.stream());
        Fault fault = Faults.ofLeader(cluster, () -> leader).stream()
                .filter(one -> one.name().equals("leader " + what))
                .findFirst()
                .orElseThrow();
        fault.begin(new Random(1));
        NatsServer other = cluster.otherThan(leader);
        Threads.await("a new leader", LIMIT, () -> accepts(other, group.subject()));
        fault.end();
        Threads.await("the former leader", LIMIT, () -> accepts(leader, group.subject()));
    }

    @Test
    void aKilledConsumerLeaderDoesNotEndLeases() {
        NatsServer leader;
        RawGroup group;
        try (RawNats nats = connect(cluster.nodes().get(1))) {
            group = group(nats);
            assertThat(group.take().body()).isEqualTo("one");
        }
        leader = cluster.leaderOf(group.stream(), "C");
        // Nothing else tells from outside that the others have heard of the delivery.
        cluster.nodes().stream()
                .filter(node -> node != leader)
                .forEach(node -> node.written(group.stream(), "C").awaitDeliveries(1));
        leader.kill();
        assertThat(cluster.leaderOf(group.stream(), "C")).isNotSameAs(leader);
        try (RawNats nats = connect(cluster.otherThan(leader))) {
            RawMessage info = nats.request("$JS.API.CONSUMER.INFO." + group.stream() + ".C", "");
            assertThat(info.field("num_ack_pending")).contains("1");
        }
        leader.start();
    }

    @Test
    void aNewLeaderEndsPullsAndKeepsLeasesToAFewMilliseconds() {
        Duration lease = Duration.ofSeconds(3);
        try (RawNats nats = connect(cluster.nodes().get(1))) {
            RawGroup group = RawGroup.create(nats, REPLICATED, "\"ack_wait\":" + lease.toNanos());
            group.store("one");
            long asked = System.nanoTime();
            group.take();
            int pull = group.pull("{\"batch\":1,\"expires\":20000000000}");
            nats.flush();
            group.api("CONSUMER.LEADER.STEPDOWN." + group.stream() + ".C", "");
            assertThat(nats.next(pull).status()).isEqualTo("409 Leadership Change");
            cluster.leaderOf(group.stream(), "C");
            RawMessage again = group.take();
            assertThat(again.replyToken(4)).isEqualTo(2);
            assertThat(again.readNanos() - asked)
                    .isGreaterThan(lease.minus(CUT_OFF).toNanos());
        }
    }

    @Test
    void ofSeveralSettlementsUnderWayOnlyTheLastIsAnswered() {
        try (RawNats nats = connect(cluster.nodes().get(1))) {
            RawGroup group = group(nats);
            String reply = group.take().reply();
            int first = nats.subscribe("first.>");
            int second = nats.subscribe("second.>");
            nats.send("PUB " + reply + " first.a 4\r\n+ACK\r\nPUB " + reply + " second.a 4\r\n+ACK\r\n");
            assertThat(nats.next(second).body()).isEmpty();
            nats.flush();
            // Before, each was answered when it was proposed.
            boolean applied = NatsServers.newest().isAtLeast("2.10.16");
            assertThat(nats.next(first, Duration.ofMillis(300)).isEmpty()).isEqualTo(applied);
        }
    }

    @Test
    void anIdThatIsUnderWayIsRefusedForTheMoment() {
        try (RawNats nats = connect(cluster.nodes().get(1))) {
            RawGroup group = group(nats);
            String header = "NATS/1.0\r\nNats-Msg-Id: twice\r\n\r\n";
            int answers = nats.subscribe("answers.>");
            StringBuilder both = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                both.append("HPUB %s answers.%d %d %d\r\n%sm\r\n"
                        .formatted(group.subject(), i, header.length(), header.length() + 1, header));
            }
            nats.send(both.toString());
            String told = nats.next(answers).body() + nats.next(answers).body();
            // The server of 2.15 refuses the second; others wait for the first.
            assertThat(told).containsAnyOf("10158", "\"duplicate\":true");
            Optional<RawMessage> later = nats.answer(group.subject(), "Nats-Msg-Id: twice\r\n", "m", RawNats.LIMIT);
            assertThat(later.orElseThrow().field("duplicate")).contains("true");
        }
    }

    @Test
    void anIsolatedLeaderStoresNothing() {
        RawGroup group;
        try (RawNats nats = connect(cluster.nodes().get(2))) {
            group = group(nats);
        }
        NatsServer leader = cluster.leaderOf(group.stream());
        cluster.isolate(leader);
        assertThat(accepts(leader, group.subject())).isFalse();
        cluster.heal();
    }

    @Test
    void aClusterThatDoesNotGetHealthyTellsWhatItsServersSay() {
        NatsServer cutOff = cluster.metaLeader().orElseThrow();
        cluster.isolate(cutOff);
        // Another leader is looked for after 4 s at the soonest.
        assertThatThrownBy(() -> cluster.awaitReady(Duration.ofSeconds(1)))
                .isInstanceOf(UnhealthyCluster.class)
                .hasMessageContainingAll(cutOff.toString(), "JetStream");
        cluster.heal();
    }

    @Test
    void nothingIsLostWhenAllNodesAreRestartedOneByOne() {
        RawGroup group;
        try (RawNats nats = connect(cluster.nodes().get(0))) {
            group = group(nats);
        }
        cluster.restartRolling();
        try (RawNats nats = connect(cluster.nodes().get(0))) {
            RawMessage info = nats.request("$JS.API.STREAM.INFO." + group.stream(), "");
            assertThat(info.field("messages")).contains("1");
        }
    }
}
