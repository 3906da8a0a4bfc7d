package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.DecimalCodec;
import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Incident S2 on a server: answers find whoever asked, and every request ends, whatever becomes of the way. */
@WithServers
class NatsS2IT {
    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    @Test
    @Scenario(18)
    void answersInPiecesFindWhoAsked() {
        room.proxy().split(Direction.TO_CLIENT, 20, 18);
        room.proxy().split(Direction.TO_SERVER, 20, 81);
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            publishes.add(room.hear(room.client().publish(room.message("m" + i))));
        }
        room.await("all are confirmed", () -> publishes.stream().allMatch(Heard::hasEnded));
        for (int i = 0; i < 1_000; i++) {
            assertThat(publishes.get(i).values())
                    .extracting(PublishReceipt::sequence)
                    .containsExactly(i + 1L);
        }
    }

    @Test
    @Scenario(19)
    void aPublishThatNobodyWouldKeepIsRefused() {
        Heard<PublishReceipt> publish =
                room.hear(room.client().publish(Message.to("nowhere").body("b")));
        room.await("it is refused", publish::hasEnded);
        assertThat(publish.code()).isEqualTo(ErrorCode.NO_GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSUMER.DELETE.%s.assessors", "STREAM.DELETE.%s"})
    @Scenario(19)
    void aGroupThatIsDeletedLosesItsLeasesAndIsMadeAnew(String verb) {
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(2).handle(delivery -> Mono.never()));
        room.publish("a", "b", "c");
        room.await("two are held", () -> room.held() == 2);
        room.raw().request("$JS.API." + verb.formatted(room.stream()), "");
        room.await("both are lost", () -> outcomes.values().size() >= 2);
        assertThat(NatsRoom.kinds(outcomes).subList(0, 2)).containsOnly(Outcome.Kind.LOST);
        room.await(
                "it is there again",
                () -> room.group("assessors").field("err_code").isEmpty());

        assertThat(outcomes.isOpen()).isTrue();
        assertThat(room.told().count(MessagingEvent.Kind.GROUP_DELETED)).isEqualTo(1);
    }

    @Test
    @Scenario(19)
    void whatIsOpenWhenTheClientClosesIsEnded() {
        room.publish("before");
        room.proxy().hold();
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            publishes.add(room.hear(room.client().publish(room.message("m" + i))));
        }
        Heard<Void> closed = room.hear(room.client().close());
        room.await("it is closed", closed::hasCompleted);
        room.await("each has ended", () -> publishes.stream().allMatch(Heard::hasEnded));

        assertThat(publishes).allSatisfy(publish -> assertThat(publish.ends()).isEqualTo(1));
        assertThat(publishes).extracting(Heard::code).containsOnly(ErrorCode.UNKNOWN, ErrorCode.CLOSED);
    }

    @Test
    @Scenario(19)
    void anErrorOfAHandlerIsAnAnswerToo() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().retryOn(error -> false).handle(delivery -> {
                    throw new IllegalStateException("no");
                }));
        room.publish("a", "b");
        room.await("both have ended", () -> outcomes.values().size() == 2);

        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.TERMINATED);
        assertThat(room.held()).isZero();
    }

    @Test
    @Scenario(21)
    void aBodyThatIsMisreadEndsInTheDeadLetterTopicAndTheNextIsRead() {
        List<Message> dead = new CopyOnWriteArrayList<>();
        String graves = "dead" + room.stream();

        room.keep(graves);
        room.hear(room.client()
                .consumer(graves + ".>", "undertakers", Message.class)
                .startFrom(StartPosition.EARLIEST)
                .leaseTime(NatsRoom.T)
                .handle(delivery -> {
                    dead.add(delivery.body());
                    return Mono.empty();
                }));
        MessageClient strict =
                room.client("strict", builder -> builder.codecs(Codecs.of(Integer.class, new DecimalCodec())));
        List<Integer> read = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes = room.hear(strict.consumer(room.topic(">"), "readers", Integer.class)
                .startFrom(StartPosition.EARLIEST)
                .leaseTime(NatsRoom.T)
                .concurrency(1)
                .deadLetterTo(graves + ".quakes")
                .handle(delivery -> {
                    read.add(delivery.body());
                    return Mono.empty();
                }));
        room.publish("1", "two", "3");
        room.await("all have ended", () -> outcomes.values().size() == 3 && dead.size() == 1);

        assertThat(read).containsExactly(1, 3);
        assertThat(dead.get(0).text()).isEqualTo("two");
        assertThat(NatsRoom.kinds(outcomes))
                .containsExactly(Outcome.Kind.ACKED, Outcome.Kind.DEAD_LETTERED, Outcome.Kind.ACKED);
        assertThat(room.held("readers")).isZero();
    }

    /** Reads whole numbers. */
    @Test
    @Scenario(24)
    void aWayThatIsShutEndsTheConnectionAndWhatStoodBehindIsConfirmedOnTheNext() {
        room.publish("before");
        long connections = room.proxy().accepted();
        room.proxy().hold();
        Heard<PublishResult> results =
                room.hear(room.client().publishAll(Flux.range(0, 1_000).map(i -> room.message("m" + i))));
        room.await("the connection is given up", () -> room.proxy().accepted() > connections);
        room.proxy().release();
        room.await("all have ended", results::hasEnded);

        assertThat(results.values()).hasSize(1_000).allMatch(PublishResult::isConfirmed);
        assertThat(room.stored()).isEqualTo(1_001);
    }

    @Test
    @Scenario(23)
    void connectionsThatEndInAnyWayLoseAndDoubleNothing() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().concurrency(32).handle(delivery -> Mono.just(delivery.body())));
        // A cut is there before what it cuts, since that may go through at once.
        Runnable nothing = () -> {};
        List<Runnable> cuts = List.of(
                nothing,
                nothing,
                () -> room.proxy().cutAfter(Direction.TO_CLIENT, 700),
                () -> room.proxy().cutAfter(Direction.TO_SERVER, 700));
        List<Runnable> ends = List.of(room.proxy()::reset, room.proxy()::disconnect, nothing, nothing);
        List<Heard<PublishResult>> all = new ArrayList<>();
        for (int round = 0; round < ends.size(); round++) {
            String prefix = "r" + round + "-";
            room.publish(prefix + "before");
            long connections = room.proxy().accepted();
            cuts.get(round).run();
            all.add(room.hear(room.client().publishAll(Flux.range(0, 500).map(i -> room.message(prefix + i)))));
            ends.get(round).run();
            room.await("it dials again", () -> room.proxy().accepted() > connections);
        }
        room.await("all have ended", () -> all.stream().allMatch(Heard::hasEnded));
        assertThat(all)
                .allSatisfy(results -> assertThat(results.values()).hasSize(500).allMatch(PublishResult::isConfirmed));
        assertThat(room.stored()).as("none twice").isEqualTo(2_004);
        room.await(
                "all are settled",
                () -> room.held() == 0
                        && room.group("assessors")
                                .field("num_pending")
                                .orElse("")
                                .equals("0"));

        assertThat(outcomes.values()).extracting(Outcome::kind).contains(Outcome.Kind.ACKED);
    }
}
