package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Handout;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestSettle;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.FaultProxy;
import io.leasehold.nats.server.NatsServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pulls that are withdrawn, too short, early, or spread over several connections. */
@EachServer
class PullIT {
    private static final Duration T = Duration.ofSeconds(8);
    private static final Duration LONG = Duration.ofSeconds(40);

    private final NatsServer server;

    PullIT(NatsServer server) {
        this.server = server;
    }

    private JetStreamRoom room(String url) {
        return new JetStreamRoom(server.port(), url, T, any -> any);
    }

    /** Of a server that may be silent for long. */
    private static NatsSettings patient(NatsSettings settings) {
        Duration minute = Duration.ofMinutes(1);
        return settings.mutate().pingEvery(minute).pongTimeout(minute).build();
    }

    private static void ackAll(JetStreamRoom room, TestConsumer member) {
        for (Handout handout : List.copyOf(member.handouts())) {
            TestSettle ack = member.ack(handout);
            room.bench().until("it is acked", ack::isOver);
        }
    }

    @Test
    void whatWasSentForAWithdrawnPullIsGivenBackAtOnce() {
        try (FaultProxy slow = FaultProxy.to(server.port());
                JetStreamRoom room = new JetStreamRoom(server.port(), server.url(), LONG, any -> any)) {
            TestConsumer leaving = room.member(room.open(slow.url(), PullIT::patient), "work", 1);
            TestConsumer other = room.member(room.bench().session(), "work", 0);
            String info = "CONSUMER.INFO." + room.bench().topic("").split("\\.")[0] + "."
                    + room.bench().group("work");
            room.bench()
                    .until(
                            "its pull is there",
                            () -> room.ask(info, "")
                                    .field("num_waiting")
                                    .orElseThrow()
                                    .equals("1"));
            slow.delay(Direction.TO_CLIENT, Duration.ofSeconds(4));
            room.bench().publishAll("work", "x");
            room.bench()
                    .until(
                            "it is under way",
                            () -> room.ask(info, "")
                                    .field("num_ack_pending")
                                    .orElseThrow()
                                    .equals("1"));
            long sent = System.nanoTime();
            leaving.port().stop();
            other.credit(1);
            room.bench().until("the other has it", () -> other.count() == 1);
            // Left to run out, it would come after the lease time.
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(LONG.minusSeconds(2));
            assertThat(leaving.count()).isZero();
            slow.delay(Direction.TO_CLIENT, Duration.ZERO);
            ackAll(room, other);
        }
    }

    @Test
    void aMessageThatIsLongerThanAPullComesNevertheless() {
        JetStreamSettings tight = JetStreamSettings.builder().pullBytes(1024).build();
        try (JetStreamRoom room = new JetStreamRoom(server.port(), server.url(), T, any -> any.with(tight))) {
            TestConsumer member = room.member(room.bench().session(), "work", 2);
            Message message = room.bench().message("work", "x".repeat(20_000));
            room.bench().publish(message);
            room.bench().until("it comes", () -> member.count() == 1);
            assertThat(member.last().message().sizeBytes()).isEqualTo(20_000);
            ackAll(room, member);
        }
    }

    @Test
    void whoIsThereBeforeItsServerConsumesWhenThatHasCome() {
        try (JetStreamRoom room = room(server.url())) {
            server.terminate();
            BrokerSession early = room.open(server.url(), any -> any);
            assertThat(early.health().reachable()).isFalse();
            assertThat(early.health().remarks()).isNotEmpty();
            server.start();
            TestConsumer member = room.member(early, "work", 1);
            room.bench().publishAll("work", "x");
            room.bench().until("it comes", () -> member.count() == 1);
            assertThat(early.health().reachable()).isTrue();
            ackAll(room, member);
        }
    }

    @Test
    void severalConnectionsShareGroupsAndKeepTheOrderOfKeys() {
        try (JetStreamRoom room = new JetStreamRoom(
                server.port(),
                server.url(),
                T,
                any -> any.mutate().connections(3).build())) {
            TestConsumer one = room.member(room.bench().session(), "one", 60);
            TestConsumer two = room.member(room.bench().session(), "two", 0);
            room.bench()
                    .until(
                            "they are there, and none of before",
                            () -> server.monitor("/connz").contains("\"num_connections\": 4"));
            for (int i = 0; i < 60; i++) {
                room.bench().publish(room.bench().message("one", "" + i).key("k" + i % 5));
            }
            room.bench().until("all have come", () -> one.count() == 60);
            for (int key = 0; key < 5; key++) {
                int wanted = key;
                assertThat(one.texts().stream().map(Integer::valueOf).filter(i -> i % 5 == wanted))
                        .isSorted();
            }
            assertThat(two.count()).isZero();
            ackAll(room, one);
        }
    }
}
