package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Handout;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers that others have made, change, and meddle with. */
@EachServer
class ForeignConsumerIT {
    private static final Duration T = Duration.ofSeconds(8);
    private static final long SECOND = 1_000_000_000L;

    private final NatsServer server;
    private JetStreamRoom room;

    ForeignConsumerIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void open() {
        room = new JetStreamRoom(server.port(), server.url(), T, any -> any);
    }

    @AfterEach
    void close() {
        room.close();
    }

    private static String ackWait(long seconds) {
        return "\"ack_wait\":" + seconds * SECOND;
    }

    @Test
    void eachDeliveryIsLentForItsStepOfTheBackoff() {
        String stream = room.foreign(
                "\"max_deliver\":9,\"backoff\":[%d,%d,%d]".formatted(8 * SECOND, 10 * SECOND, 12 * SECOND));
        room.raw().publish(stream + ".a", "x");
        TestConsumer member = room.member(stream, 9);
        for (int step : new int[] {8, 10, 12, 12}) {
            int nth = member.count();
            room.bench().until("a delivery", () -> member.count() > nth);
            assertThat(member.last().leaseTime().nanos()).isEqualTo(step * SECOND);
            member.nak(member.last(), Duration.ZERO);
        }
        room.bench().until("the last one", () -> member.count() == 5);
        room.bench().until("it is acked", member.ack(member.last())::isOver);
    }

    @Test
    void aNakWaitsForAsLongAsAskedInEveryStepOfTheBackoff() {
        String stream = room.foreign("\"max_deliver\":9,\"backoff\":[%d,%d]".formatted(8 * SECOND, 15 * SECOND));
        room.raw().publish(stream + ".a", "x");
        TestConsumer member = room.member(stream, 9);
        room.bench().until("the first", () -> member.count() == 1);
        member.nak(member.last(), Duration.ZERO);
        room.bench().until("the second", () -> member.count() == 2);
        long asked = System.nanoTime();
        member.nak(member.last(), Duration.ofMillis(1500));
        room.bench().until("the third", () -> member.count() == 3);
        Duration waited = Duration.ofNanos(System.nanoTime() - asked);
        // Uncorrected it would be seven seconds more.
        assertThat(waited).isBetween(Duration.ofMillis(1499), Duration.ofMillis(8400));
        room.bench().until("it is acked", member.ack(member.last())::isOver);
    }

    @Test
    void aShortenedLeaseTimeIsHeardWhileSomethingIsHeld() {
        String stream = room.foreign(ackWait(30));
        room.raw().publish(stream + ".a", "x");
        TestConsumer member = room.member(stream, 1);
        room.bench().until("a delivery", () -> member.count() == 1);
        room.consumer(stream, ackWait(8));
        room.bench().until("the news", () -> !member.shortened().isEmpty());
        assertThat(member.shortened()).containsExactly(Duration.ofSeconds(8));
        room.bench().until("it is acked", member.ack(member.last())::isOver);
    }

    @Test
    void whatTheServerGivesUpIsTold() {
        String stream = room.foreign("\"max_deliver\":1," + ackWait(8));
        room.raw().publish(stream + ".a", "", "Shelf: 7\r\nNats-Msg-Id: one\r\n", "given up");
        TestConsumer member = room.member(stream, 2);
        room.bench().until("a delivery", () -> member.count() == 1);
        member.nak(member.last(), Duration.ZERO);
        room.bench().until("the news", () -> !member.givenUp().isEmpty());

        assertThat(member.givenUp()).singleElement().satisfies(message -> {
            assertThat(message.topic()).isEqualTo(stream + ".a");
            assertThat(message.text()).isEqualTo("given up");
            assertThat(message.headers().first("Shelf")).contains("7");
            assertThat(message.id())
                    .hasValueSatisfying(id -> assertThat(id.value()).isEqualTo("one"));
        });
    }

    @Test
    void whoeverHadAMessageBeforeIsHeardWhenHeSettlesItUnderUs() {
        String stream = room.foreign(ackWait(8));
        room.raw().publish(stream + ".a", "x");
        TestConsumer member = room.member(stream, 2);
        room.bench().until("a delivery", () -> member.count() == 1);
        member.nak(member.last(), Duration.ZERO);
        room.bench().until("a redelivery", () -> member.count() == 2);
        // Its former holder acks, though it is not his any more; the server takes it.
        String former = "$JS.ACK.%s.C.1.1.1.%d.0".formatted(stream, System.currentTimeMillis() * 1_000_000);
        room.bench().until("the news", () -> {
            room.raw().publish(former, "+ACK");
            return member.ends().stream().anyMatch(end -> endsOurs(end, member.last()));
        });
    }

    // Our own nak is told as well, and ends nothing that is held.
    private static boolean endsOurs(TestConsumer.Ended end, Handout ours) {
        return end.loss() == LeaseLoss.SETTLED_ELSEWHERE
                && end.ref().equals(ours.ref())
                && end.newer().compareTo(ours.token()) > 0;
    }

    // ---- limits of theirs

    @ParameterizedTest
    @ValueSource(strings = {"\"max_batch\":10", "\"max_expires\":1000000000", "\"max_bytes\":1048576"})
    void whatAConsumerTakesOfAPullIsKeptTo(String limit) {
        String stream = room.foreign(limit + "," + ackWait(8));
        TestConsumer member = room.member(stream, 40);
        for (int i = 0; i < 30; i++) {
            room.raw().publish(stream + ".a", "x");
        }
        room.bench().until("all came", () -> member.count() == 30);

        assertThat(member.troubles()).isEmpty();
        member.handouts().forEach(handout -> room.bench().until("acked", member.ack(handout)::isOver));
    }

    /** As every pull that is beyond them is refused, for as long as they are. */
    @Test
    void limitsThatCameLaterAreLearntFromTheRefusal() {
        String stream = room.foreign(ackWait(8));
        TestConsumer member = room.member(stream, 40);
        room.raw().publish(stream + ".a", "x");
        room.bench().until("the first", () -> member.count() == 1);
        room.consumer(stream, "\"max_batch\":2," + ackWait(8));
        for (int i = 0; i < 5; i++) {
            room.raw().publish(stream + ".a", "x");
        }
        room.bench().until("all came", () -> member.count() == 6);
        member.handouts().forEach(handout -> room.bench().until("acked", member.ack(handout)::isOver));
    }

    @Test
    void aMessageThatIsLongerThanAConsumerLetsAskForIsToldByItsCode() {
        String stream = room.foreign("\"max_bytes\":2048," + ackWait(8));
        TestConsumer member = room.member(stream, 4);
        room.raw().publish(stream + ".a", "x".repeat(5_000));

        room.bench().until("it is told", () -> member.troubles().contains(ErrorCode.TOO_LARGE));
        assertThat(member.gone()).isEmpty();
    }

    @Test
    void aConsumerWithoutAFilterIsTakenWhereItsStreamKeepsWhatWeWant() {
        String stream = room.foreign(ackWait(8));
        room.unfiltered(stream, ackWait(8));
        room.raw().publish(stream + ".a", "x");
        TestConsumer member = room.member(stream, 1);
        room.bench().until("it came", () -> member.count() == 1);
        room.bench().until("it is acked", member.ack(member.last())::isOver);
    }

    @Test
    void aConsumerThatTakesMoreThanWeWantIsRefused() {
        String stream = room.foreign(ackWait(8));
        TestConsumer member = room.member(stream, stream + ".a.*", 1);

        room.bench().until("it is refused", () -> member.gone().equals(List.of(ErrorCode.GROUP_MISMATCH)));
    }

    @Test
    void aLeaseTimeThatLeavesNoRoomForWorkIsRefusedAtTheStart() {
        String stream = room.foreign(ackWait(1));
        TestConsumer member = room.member(stream, 1);

        room.bench().until("it is refused", () -> member.gone().equals(List.of(ErrorCode.LEASE_TIME_TOO_SHORT)));
    }

    @Test
    void aLeaseTimeThatIsNotTheOneThatWasAskedForIsTold() {
        String stream = room.foreign(ackWait(20));
        room.member(stream, 1);

        room.bench()
                .until(
                        "it is told",
                        () -> room.bench().events().stream()
                                .anyMatch(event -> event.kind() == MessagingEvent.Kind.BROKER_DIFFERS
                                        && event.subject().equals("C")));
    }
}
