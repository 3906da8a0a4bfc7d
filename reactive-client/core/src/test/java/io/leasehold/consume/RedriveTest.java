package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.CapturedLog;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Dead letters go back to where they came from: some at a time, none twice, none lost. */
class RedriveTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final List<Message> seen = new ArrayList<>();
    private final Set<String> poison = new HashSet<>();

    /** A consumer that fails what is poison, once each; messages that are dead-lettered before it is mended. */
    private Heard<Outcome> consuming() {
        return room.hear(
                room.consumer().maxDeliveries(1).deadLetterTo("dead.quakes").handle(delivery -> {
                    seen.add(delivery.message());
                    return poison.contains(delivery.body())
                            ? Mono.error(new IllegalStateException("poison"))
                            : Mono.empty();
                }));
    }

    private void poisoned(String... bodies) {
        poison.addAll(List.of(bodies));
        consuming();
        room.publish(bodies);
        room.pass(Duration.ofSeconds(1));
        assertThat(seen).hasSize(bodies.length);
        seen.clear();
    }

    private Heard<Redriven> redrive(int limit) {
        return room.hear(room.client().redrive("dead.>", limit, 1_000));
    }

    private static List<Redriven.Kind> kinds(Heard<Redriven> told) {
        return told.values().stream().map(Redriven::kind).toList();
    }

    @Test
    void lettersGoBackToTheirOriginUnderNewIdsWithKeyBodyAndHeaders() {
        poisoned("a", "b");
        poison.clear();
        Heard<Redriven> told = redrive(100);
        room.pass(Duration.ofSeconds(10));

        assertThat(kinds(told)).containsExactly(Redriven.Kind.MOVED, Redriven.Kind.MOVED);
        assertThat(seen).extracting(Message::text).containsExactly("a", "b");
        assertThat(seen)
                .extracting(message -> message.id().orElseThrow().value())
                .doesNotContain("a", "b");
        assertThat(seen)
                .extracting(Message::id)
                .containsExactlyElementsOf(told.values().stream()
                        .map(one -> java.util.Optional.of(one.id()))
                        .toList());
        assertThat(seen.get(0).headers().first(DeadLetter.FIRST_TOPIC))
                .contains(seen.get(0).topic());
        assertThat(seen.get(0).headers().first(DeadLetter.FIRST_MESSAGE_ID)).contains("a");
        assertThat(seen.get(0).headers().first(DeadLetter.REASON)).isEmpty();
        assertThat(told.hasCompleted()).isTrue();
    }

    private List<MessagingEvent> told(Kind kind) {
        return room.told().events().stream()
                .filter(event -> event.kind() == kind)
                .toList();
    }

    @Test
    void aRedriveSaysThatItBeganAndWhatItDidAndNothingOfAConsumer() {
        poisoned("a", "b");
        poison.remove("b");
        room.publish("c");
        room.hear(
                room.client().publish(Message.to("dead.quakes").id("no-letter").body("x")));
        long consuming = room.told().count(Kind.CONSUMING);
        try (CapturedLog log = CapturedLog.ofClients()) {
            redrive(100);
            room.pass(Duration.ofSeconds(20));

            assertThat(log.await("one: REDRIVING", "limit=100", "perSecond=1000"))
                    .startsWith("INFO")
                    .contains("[dead.>]", "group=" + Redrive.groupOf("dead.>"));
            // Lines of the test before may still come.
            assertThat(log.await("one: REDRIVEN", "[dead.>] left=1 moved=2 refused=1"))
                    .startsWith("INFO")
                    .contains("no further one came");
        }
        assertThat(room.told().count(Kind.CONSUMING)).isEqualTo(consuming);
        assertThat(room.told().count(Kind.DRAINED)).isZero();
    }

    @Test
    void aRedriveSaysWhyItEnded() {
        poisoned("a", "b", "c", "d");
        poison.clear();
        redrive(1);
        room.pass(Duration.ofSeconds(1));
        Heard<Redriven> cancelled = redrive(2);
        cancelled.cancel();
        room.pass(Duration.ofSeconds(1));
        redrive(2);
        Heard<Redriven> second = redrive(2);
        room.pass(Duration.ofSeconds(20));

        assertThat(MessagingException.codeOf(second.error())).isEqualTo(ErrorCode.ALREADY_CONSUMING);
        assertThat(told(Kind.REDRIVEN))
                .extracting(MessagingEvent::what)
                .extracting(what -> what.substring(what.indexOf(": ") + 2))
                .containsExactly(
                        "the limit is reached",
                        "it was cancelled",
                        "it failed with ALREADY_CONSUMING",
                        "the limit is reached");
        assertThat(told(Kind.REDRIVEN))
                .extracting(MessagingEvent::code)
                .containsExactly(null, null, ErrorCode.ALREADY_CONSUMING, null);
    }

    @Test
    void whatFailsAgainIsLeftAndTheNextRedriveTakesIt() {
        poisoned("a", "b");
        poison.remove("b");
        Heard<Redriven> first = redrive(100);
        room.pass(Duration.ofSeconds(20));
        assertThat(kinds(first))
                .containsExactlyInAnyOrder(Redriven.Kind.MOVED, Redriven.Kind.MOVED, Redriven.Kind.LEFT);
        assertThat(seen).as("each once").hasSize(2);

        poison.clear();
        Heard<Redriven> second = redrive(100);
        room.pass(Duration.ofSeconds(20));
        assertThat(kinds(second)).containsExactly(Redriven.Kind.MOVED);
        assertThat(seen).extracting(Message::text).containsExactly("a", "b", "a");
    }

    @Test
    void headersDoNotGrowOverRedrivesAndTheFirstOriginIsKept() {
        poisoned("a");
        int size = 0;
        for (int round = 1; round <= 4; round++) {
            Heard<Redriven> told = redrive(100);
            room.pass(Duration.ofSeconds(20));
            DeadLetter left = told.values().stream()
                    .filter(one -> one.kind() == Redriven.Kind.LEFT)
                    .flatMap(one -> DeadLetter.of(one.letter()).stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(left.redrives()).isEqualTo(round);
            assertThat(left.firstMessageId()).contains("a");
            assertThat(left.firstOrigin()).isEqualTo(left.origin());
            assertThat(left.messageId()).isPresent().isNotEqualTo(left.firstMessageId());
            size = size == 0 ? left.message().headers().size() : size;
            assertThat(left.message().headers().size()).isEqualTo(size);
            assertThat(left.message().headers().all(DeadLetter.REASON)).hasSize(1);
        }

        assertThat(seen)
                .extracting(message -> message.id().map(MessageId::value))
                .doesNotHaveDuplicates();
    }

    @Test
    void aLimitEndsItAndTheNextOneGoesOn() {
        poisoned("a", "b", "c");
        poison.clear();
        Heard<Redriven> first = redrive(2);
        room.pass(Duration.ofSeconds(1));
        assertThat(first.hasCompleted()).isTrue();
        assertThat(seen).extracting(Message::text).containsExactly("a", "b");

        redrive(2);
        room.pass(Duration.ofSeconds(20));
        assertThat(seen).extracting(Message::text).containsExactly("a", "b", "c");
    }

    @Test
    void itKeepsToItsRateAndCanBeCancelledAndGoneOnWith() {
        poisoned("a", "b", "c", "d", "e");
        poison.clear();
        Heard<Redriven> slow = room.hear(room.client().redrive("dead.>", 100, 1));
        room.pass(Duration.ofMillis(2_500));
        assertThat(seen).hasSize(3);
        slow.cancel();
        room.pass(Duration.ofSeconds(10));
        assertThat(seen).hasSize(3);

        redrive(100);
        room.pass(Duration.ofSeconds(20));
        assertThat(seen).extracting(Message::text).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void whatIsNoLetterAndWhatNobodyTakesIsRefusedAndKept() {
        poisoned("a");
        room.hear(room.client().publish(Message.to("dead.quakes").body("no letter")));
        room.hear(room.client()
                .publish(Message.to("dead.quakes")
                        .header(DeadLetter.TOPIC, "nobody.here")
                        .header(DeadLetter.GROUP, "g")
                        .header(DeadLetter.CODE, ErrorCode.HANDLER_FAILED.id())
                        .body("orphan")));
        poison.clear();
        Heard<Redriven> told = redrive(100);
        room.pass(Duration.ofMinutes(2));

        assertThat(kinds(told)).containsExactly(Redriven.Kind.MOVED, Redriven.Kind.REFUSED, Redriven.Kind.REFUSED);
        assertThat(told.values())
                .extracting(Redriven::code)
                .containsExactly(null, ErrorCode.REFUSED, ErrorCode.NO_GROUP);
        Heard<Redriven> again = redrive(100);
        room.pass(Duration.ofMinutes(2));
        assertThat(kinds(again)).containsExactly(Redriven.Kind.REFUSED, Redriven.Kind.REFUSED);
    }

    @Test
    void onlyWhatIsMovedCountsForTheLimit() {
        consuming();
        room.hear(room.client().publish(Message.to("dead.quakes").body("no letter")));
        poisoned("a", "b", "c");
        poison.clear();
        Heard<Redriven> told = redrive(2);
        room.pass(Duration.ofSeconds(1));

        assertThat(kinds(told)).containsExactly(Redriven.Kind.REFUSED, Redriven.Kind.MOVED, Redriven.Kind.MOVED);
        assertThat(told.hasCompleted()).isTrue();
    }

    @Test
    void whatTwoClientsRedriveAtOnceIsPutBackOnceAndEachKeepsToItsLimit() {
        poisoned("a", "b", "c", "d", "e", "f", "g");
        poison.clear();
        Heard<Redriven> one = room.hear(room.client().redrive("dead.>", 3, 1_000));
        Heard<Redriven> two = room.hear(room.client("two").redrive("dead.>", 3, 1_000));
        room.pass(Duration.ofSeconds(1));
        assertThat(kinds(one)).hasSize(3).containsOnly(Redriven.Kind.MOVED);
        assertThat(kinds(two)).hasSize(3).containsOnly(Redriven.Kind.MOVED);
        assertThat(seen).hasSize(6).extracting(Message::text).doesNotHaveDuplicates();

        // What one of them held and did not reach any more goes to the next.
        redrive(100);
        room.pass(Duration.ofSeconds(20));
        assertThat(seen).extracting(Message::text).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f", "g");
    }

    @Test
    void asManyAsItMayHoldEndItAndTheyAreGivenBack() {
        poisoned("a");
        for (int i = 0; i < Redrive.HELD_MAX + 10; i++) {
            room.hear(room.client().publish(Message.to("dead.quakes").body("no letter")));
        }
        Heard<Redriven> told = redrive(1_000);
        room.pass(Duration.ofSeconds(20));

        assertThat(told.hasCompleted()).isTrue();
        assertThat(kinds(told)).filteredOn(Redriven.Kind.REFUSED::equals).hasSizeLessThanOrEqualTo(Redrive.HELD_MAX);
        assertThat(told.values())
                .filteredOn(one -> one.kind() != Redriven.Kind.MOVED)
                .hasSize(Redrive.HELD_MAX);
        assertThat(room.group(Redrive.groupOf("dead.>")).held()).isZero();
    }

    @Test
    void whileTheBrokerIsNotHeardNobodyKnowsWhetherMoreLettersCome() {
        HandFedBroker away = HandFedBroker.withTokens();
        away.unheardFor(Duration.ofSeconds(1));
        Heard<Redriven> told =
                room.hear(room.client("fed", builder -> builder.broker(away)).redrive("dead.>", 1, 1));
        room.pass(Duration.ofMinutes(1));
        assertThat(told.hasEnded()).isFalse();

        away.unheardFor(Duration.ZERO);
        room.pass(Duration.ofSeconds(3));
        assertThat(told.hasEnded()).as("shortly after it is heard again").isFalse();
        room.pass(Duration.ofSeconds(3));
        assertThat(told.hasCompleted()).isTrue();
    }

    @Test
    void boundsAreChecked() {
        assertThatThrownBy(() -> room.client().redrive("dead.>", 0, 1)).satisfies(this::isBadSetting);
        assertThatThrownBy(() -> room.client().redrive("dead.>", 1, 0)).satisfies(this::isBadSetting);
    }

    private void isBadSetting(Throwable error) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
    }
}
