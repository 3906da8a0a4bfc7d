package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.SilentBroker;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishRules;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** What cannot be worked on ends where somebody can see it, and not before that is confirmed. */
class DeadLettersTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final List<Message> dead = new ArrayList<>();

    private void undertakers() {
        room.hear(room.client().consumer("dead.>", "undertakers", Message.class).handle(delivery -> {
            dead.add(delivery.body());
            return Mono.empty();
        }));
    }

    private MessageConsumer<String> failing() {
        return failing(room.consumer());
    }

    private MessageConsumer<String> failingOver(SilentBroker silent) {
        return failing(Room.consumer(room.client("silent", builder -> builder.broker(silent))));
    }

    private static MessageConsumer<String> failing(MessageConsumer<String> plain) {
        return plain.maxDeliveries(1).deadLetterTo("dead.quakes");
    }

    private static Mono<Object> no() {
        return Mono.error(new IllegalStateException("bro\nken"));
    }

    @Test
    void aLetterKeepsTheMessageAndNamesItsDelivery() {
        undertakers();
        room.hear(failing().handle(delivery -> no()));
        room.hear(room.client()
                .publish(Message.to("quakes.nc")
                        .id("q1")
                        .key("NC")
                        .header("own", "kept")
                        .body("body")));
        room.pass(Duration.ofSeconds(1));

        assertThat(dead).hasSize(1);
        Headers headers = dead.get(0).headers();
        assertThat(dead.get(0).text()).isEqualTo("body");
        assertThat(dead.get(0).key()).contains("NC");
        assertThat(headers.first("own")).contains("kept");
        assertThat(headers.first("Leasehold-Topic")).contains("quakes.nc");
        assertThat(headers.first("Leasehold-Group")).contains("assessors");
        assertThat(headers.first("Leasehold-Message-Id")).contains("q1");
        assertThat(headers.first("Leasehold-Delivery-Count")).contains("1");
        assertThat(headers.first("Leasehold-Code")).contains(ErrorCode.HANDLER_FAILED.id());
        assertThat(headers.first("Leasehold-Reason").orElse("")).contains("bro ken");
    }

    @Test
    void aHandlerMayDecideForIt() {
        undertakers();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.just(Disposition.deadLetter("not for us"))));
        room.publish("a");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(dead.get(0).headers().first("Leasehold-Reason")).contains("not for us");
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT2S", ","})
    void aHandlerThatSaysNakHasFailedAndTheLastTimeItIsALetter(Duration delay) {
        undertakers();
        AtomicInteger runs = new AtomicInteger();
        Disposition nak = new Disposition(Disposition.Kind.NAK, delay, "not yet");
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .maxDeliveries(2)
                .redelivery(Backoff.builder()
                        .first(Duration.ofSeconds(1))
                        .max(Duration.ofSeconds(1))
                        .jitter(0)
                        .build())
                .deadLetterTo("dead.quakes")
                .handle(delivery -> {
                    runs.incrementAndGet();
                    return Mono.just(nak);
                }));
        room.publish("a");
        room.pass(delay == null ? Duration.ofSeconds(2) : delay.plusDays(1));

        assertThat(runs).hasValue(2);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
        assertThat(dead.get(0).headers().first("Leasehold-Reason")).contains("not yet");
        assertThat(dead.get(0).headers().first("Leasehold-Code")).contains(ErrorCode.HANDLER_FAILED.id());
    }

    @Test
    void aNakOfTheLastDeliveryIsKeptWithoutATopic() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().maxDeliveries(1).handle(delivery -> Mono.just(Disposition.nak())));
        room.publish("a");
        room.pass(Duration.ofMinutes(1));

        assertThat(Room.kinds(outcomes)).hasSizeGreaterThan(3).containsOnly(Outcome.Kind.NAKED);
        assertThat(outcomes.values().get(0).code()).isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    @Test
    void withoutATopicItIsKeptAndEachFurtherFailureIsTold() {
        Heard<Outcome> outcomes = room.hear(room.consumer().maxDeliveries(1).handle(delivery -> no()));
        room.publish("a");
        room.pass(Duration.ofMinutes(1));

        assertThat(Room.kinds(outcomes)).hasSizeGreaterThan(3).containsOnly(Outcome.Kind.NAKED);
        assertThat(room.told().count(Kind.KEEPS_FAILING))
                .isEqualTo(outcomes.values().size());
    }

    @Test
    void theTopicKeepsLettersAlthoughNobodyConsumesItYet() {
        Heard<Outcome> outcomes = room.hear(failing().handle(delivery -> no()));
        room.publish("a");

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        undertakers();
        room.pass(Duration.ofSeconds(1));
        assertThat(dead).extracting(Message::text).containsExactly("a");
    }

    @Test
    void aLetterThatNobodyConfirmsGivesItsSlotBackAndTheOriginalIsNotAckedBeforeOneIs() {
        SilentBroker silent = new SilentBroker(room.broker());
        Heard<Outcome> outcomes = room.hear(failingOver(silent)
                .concurrency(1)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> no()));
        room.publish("a");
        room.pass(Duration.ofSeconds(4));

        assertThat(room.group("assessors").held()).isEqualTo(1);
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isZero();
        room.pass(Duration.ofSeconds(2));
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED))
                .as("told at the first failure")
                .isEqualTo(1);
        assertThat(Room.kinds(outcomes)).as("the slot is free").containsExactly(Outcome.Kind.NAKED);
        room.pass(Duration.ofMinutes(30));
        assertThat(outcomes.values()).hasSizeBetween(8, 20).allMatch(one -> one.kind() == Outcome.Kind.NAKED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsOnly(ErrorCode.DEAD_LETTER_FAILED);
        assertThat(silent.unanswered().stream().map(PublishItem::id).distinct()).hasSize(1);
        for (int i = 0; i < 900 && outcomes.values().size() < 30; i++) {
            room.pass(Duration.ofSeconds(1));
            silent.unanswered().stream().filter(PublishItem::isOpen).forEach(item -> item.confirmed(1, false));
        }
        assertThat(Room.kinds(outcomes)).last().isEqualTo(Outcome.Kind.DEAD_LETTERED);
        assertThat(room.group("assessors").held()).isZero();
    }

    @Test
    void aLetterThatIsRefusedIsOwedAndTriedFirstAtTheNextDelivery() {
        SilentBroker silent = new SilentBroker(room.broker());
        AtomicInteger runs = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(failingOver(silent)
                .redelivery(Backoff.builder()
                        .first(Duration.ofSeconds(1))
                        .max(Duration.ofSeconds(7))
                        .jitter(0)
                        .build())
                .handle(delivery -> {
                    runs.incrementAndGet();
                    return no();
                }));
        room.publish("a");
        refuse(silent);
        room.pass(Duration.ofSeconds(6));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.DEAD_LETTER_FAILED);
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);
        assertThat(room.group("assessors").delayed())
                .as("back after the largest delay")
                .isEqualTo(1);
        room.pass(Duration.ofSeconds(2));
        assertThat(silent.unanswered()).hasSize(1);
        silent.unanswered().get(0).confirmed(1, false);
        room.pass(Duration.ofSeconds(1));
        assertThat(runs).as("the second delivery does not run").hasValue(1);
        assertThat(Room.kinds(outcomes)).last().isEqualTo(Outcome.Kind.DEAD_LETTERED);
    }

    private void refuse(SilentBroker silent) {
        refuse(silent, ErrorCode.NOT_PERMITTED);
    }

    private void refuse(SilentBroker silent, ErrorCode code) {
        List<PublishItem> letters = List.copyOf(silent.unanswered());
        silent.unanswered().clear();
        letters.forEach(item -> item.failed(new MessagingException(code, "refused", "dead.quakes", "grant it")));
        room.pass(Duration.ZERO);
    }

    @Test
    void aLetterThatIsTooLargeGoesWithoutOurReasonThenWithTheLeast() {
        SilentBroker silent = new SilentBroker(room.broker());
        Heard<Outcome> outcomes = room.hear(failingOver(silent).handle(delivery -> no()));
        room.publish("a");

        assertThat(headersOf(silent)).contains("Leasehold-Reason");
        refuse(silent, ErrorCode.TOO_LARGE);
        assertThat(headersOf(silent)).doesNotContain("Leasehold-Reason").contains("Leasehold-Delivery-Count");
        refuse(silent, ErrorCode.TOO_LARGE);
        assertThat(headersOf(silent)).containsExactly("Leasehold-Topic", "Leasehold-Group", "Leasehold-Code");
        silent.unanswered().get(0).confirmed(1, false);
        room.pass(Duration.ofSeconds(1));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isZero();
    }

    @Test
    void aLetterThatCanNeverFitEndsWithOneLastOutcomeAndOneEvent() {
        SilentBroker silent = new SilentBroker(room.broker());
        Heard<Outcome> outcomes = room.hear(failingOver(silent).handle(delivery -> no()));
        room.publish("a");
        for (int i = 0; i < 3; i++) {
            refuse(silent, ErrorCode.TOO_LARGE);
        }
        room.pass(Duration.ofHours(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.TERMINATED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.DEAD_LETTER_FAILED);
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);
        assertThat(room.told().count(Kind.TERMINATED)).isEqualTo(1);
        assertThat(room.group("assessors").held()).isZero();
    }

    @Test
    void aMessageWithAsManyHeadersAsThereMayBeHasALetterThatSaysWhereItCameFrom() {
        undertakers();
        Heard<Outcome> outcomes = room.hear(failing().handle(delivery -> no()));
        Headers.Builder many = Headers.builder();
        IntStream.range(0, PublishRules.HEADERS_MAX).forEach(i -> many.add("N" + i, "v"));
        room.hear(room.client().publish(Message.to("quakes.nc").headers(many.build())));
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(dead).hasSize(1);
        assertThat(DeadLetter.of(dead.get(0)).map(DeadLetter::origin)).contains("quakes.nc");
        assertThat(dead.get(0).headers().first("N0")).contains("v");
    }

    private static List<String> headersOf(SilentBroker silent) {
        List<String> names = new ArrayList<>();
        silent.unanswered().get(0).message().headers().forEach((name, value) -> names.add(name));
        return names;
    }

    @Test
    void lettersOfWhatTheBrokerGaveUpAreWaitedForUpToABoundThatIsTold() {
        HandFedBroker fed = HandFedBroker.withTokens();
        room.hear(failing(Room.consumer(room.client("fed", builder -> builder.broker(fed))))
                .handle(delivery -> Mono.empty()));
        fed.fallSilent();
        Message poison = Message.to("quakes.nc").body("poison");
        IntStream.range(0, GivenUpLetters.MAX).forEach(ref -> fed.sink().givenUp(ref, poison, 5));
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isZero();

        fed.sink().givenUp("one more", poison, 5);

        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);
    }

    // ---- whose letter it is

    @Test
    void aSecondMessageOfTheSameIdGetsALetterOfItsOwnWhileTheFirstOneIsRemembered() {
        undertakers();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.just(
                        delivery.body().equals("first") && delivery.deliveryCount() == 1
                                ? Disposition.nak(Duration.ofMinutes(1))
                                : Disposition.deadLetter("no"))));
        room.hear(room.client().publish(Message.to("quakes.nc").id("q1").body("first")));
        room.pass(Duration.ofSeconds(125));
        // Its topic has forgotten the id, the dead-letter topic remembers that of the letter for a minute more.
        room.hear(room.client().publish(Message.to("quakes.nc").id("q1").body("second")));
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes))
                .containsExactly(Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED, Outcome.Kind.DEAD_LETTERED);
        assertThat(dead).extracting(Message::text).containsExactly("first", "second");
    }

    @Test
    void aMessageThatHasTheIdOfAnotherOneIsNoRepetitionOfItsLetter() {
        SilentBroker silent = new SilentBroker(room.broker());
        room.hear(failingOver(silent).handle(delivery -> no()));
        room.hear(room.client().publish(Message.to("quakes.nc").id("q1").body("first")));
        room.pass(Duration.ofMinutes(3));
        room.hear(room.client().publish(Message.to("quakes.nc").id("q1").body("second")));
        room.pass(Duration.ofSeconds(1));

        assertThat(silent.unanswered().stream()
                        .map(item -> item.message().text() + " " + item.id())
                        .distinct())
                .hasSize(2);
        assertThat(silent.unanswered().stream().map(PublishItem::id).distinct()).hasSize(2);
    }

    @Test
    void whoPublishesAHeaderOfOursChangesNothingThatALetterTells() {
        undertakers();
        room.hear(failing().handle(delivery -> no()));
        room.hear(room.client()
                .publish(Message.to("quakes.nc")
                        .id("q1")
                        .header("leasehold-reason", "forged")
                        .header("Leasehold-Topic", "forged")
                        .header("Leasehold-Code", "LH-900")
                        .header("Leasehold-First-Topic", "forged")
                        .header("Leasehold-Redrives", "7")
                        .body("body")));
        room.pass(Duration.ofSeconds(1));
        DeadLetter letter = DeadLetter.of(dead.get(0)).orElseThrow();

        assertThat(dead.get(0).headers().toString()).doesNotContain("forged");
        assertThat(letter.origin()).isEqualTo("quakes.nc");
        assertThat(letter.firstOrigin()).isEqualTo("quakes.nc");
        assertThat(letter.group()).isEqualTo("assessors");
        assertThat(letter.code()).contains(ErrorCode.HANDLER_FAILED);
        assertThat(letter.reason().orElse("")).contains("bro ken");
        assertThat(letter.messageId()).contains("q1");
        assertThat(letter.firstMessageId()).contains("q1");
        assertThat(letter.deliveryCount()).isEqualTo(1);
        assertThat(letter.redrives()).isZero();
    }

    @Test
    void aMessageThatIsNoLetterIsToldApart() {
        assertThat(DeadLetter.of(Message.to("quakes.nc").body("a"))).isEmpty();
    }

    @Test
    void aBodyThatCannotBeDecodedIsALetterWithItsReasonAtTheFirstDelivery() {
        undertakers();
        AtomicInteger runs = new AtomicInteger();
        MessageClient strict =
                room.client("strict", builder -> builder.codecs(Codecs.of(Integer.class, new Numbers())));
        Heard<Outcome> outcomes = room.hear(strict.consumer("quakes.>", "assessors", Integer.class)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.fromRunnable(runs::incrementAndGet)));
        room.publish("many");

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(runs).hasValue(0);
        Headers headers = dead.get(0).headers();
        assertThat(headers.first("Leasehold-Code")).contains(ErrorCode.DECODE_FAILED.id());
        assertThat(headers.first("Leasehold-Reason").orElse("")).contains("no number");
        assertThat(headers.first("Leasehold-Delivery-Count")).contains("1");
        assertThat(dead.get(0).text()).isEqualTo("many");
    }

    private static final class Numbers implements Codec<Integer> {
        @Override
        public byte[] encode(Integer value) {
            return value.toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public Integer decode(Message message) {
            throw new IllegalArgumentException("no number");
        }
    }

    // ---- a topic that keeps them

    @Test
    void aTopicThatIsSetWhileItRunsKeepsLettersToo() {
        Heard<Outcome> outcomes = room.hear(room.consumer().maxDeliveries(1).handle(delivery -> no()));
        failing().control().apply(failing().settings()).subscribe();
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        undertakers();
        room.pass(Duration.ofSeconds(1));
        assertThat(dead).extracting(Message::text).containsExactly("a");
    }

    @Test
    void aTopicOfItsOwnFilterIsRefusedWhileItRunsAndTheSettingsStay() {
        Heard<Outcome> outcomes = room.hear(failing().handle(delivery -> no()));

        Heard<Boolean> applied = room.hear(room.consumer()
                .control()
                .apply(room.consumer().deadLetterTo("quakes.dead").settings()));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(applied.code()).isEqualTo(ErrorCode.TOPIC_LOOP);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isZero();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
    }

    // ---- what kills its workers

    @Test
    void aMessageThatIsDeliveredAgainAndAgainAndNeverFinishesIsNotRunAnyMore() {
        undertakers();
        AtomicInteger runs = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .maxDeliveries(3)
                .maxUnfinishedDeliveries(5)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> {
                    runs.incrementAndGet();
                    return Mono.never();
                }));
        room.publish("killer");
        room.pass(Room.T.multipliedBy(10));

        assertThat(runs).hasValue(4);
        assertThat(dead.get(0).headers().first("Leasehold-Code")).contains(ErrorCode.NEVER_FINISHED.id());
        assertThat(Room.kinds(outcomes)).last().isEqualTo(Outcome.Kind.DEAD_LETTERED);
    }

    @Test
    void whatIsOnlyGivenBackIsNeverADeadLetterByThat() {
        undertakers();
        for (int i = 0; i < 20; i++) {
            Heard<Outcome> outcomes = room.hear(room.consumer()
                    .maxDeliveries(3)
                    .maxUnfinishedDeliveries(5)
                    .concurrency(1)
                    .prefetch(2)
                    .maxWaiting(2)
                    .deadLetterTo("dead.quakes")
                    .handle(delivery -> Mono.never()));
            if (i == 0) {
                room.publish("runs", "waits");
            }
            room.pass(Duration.ofSeconds(1));
            room.consumer().control().pause().subscribe();
            room.pass(Duration.ofSeconds(1));
            outcomes.cancel();
            room.pass(Duration.ofSeconds(1));
        }
        Heard<Outcome> outcomes = room.hear(
                room.consumer().maxDeliveries(3).maxUnfinishedDeliveries(5).handle(d -> Mono.empty()));
        room.pass(Duration.ofSeconds(5));

        assertThat(dead).extracting(Message::text).doesNotContain("waits");
        assertThat(outcomes.values())
                .extracting(outcome -> outcome.id().value())
                .contains("waits");
    }

    @Test
    void aStageOrALossAloneMakesNoDeadLetter() {
        undertakers();
        room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .maxDeliveries(2)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> delivery.deliveryCount() < 6 ? Mono.never() : Mono.empty()));
        room.publish("slow");
        room.pass(Room.T.multipliedBy(10));

        assertThat(dead).isEmpty();
        assertThat(room.group("assessors").held()).isZero();
    }

    @Test
    void theLetterOfWhatTheBrokerHasGivenUpIsTriedOnAndThatIsToldNowAndAgain() {
        HandFedBroker fed = HandFedBroker.withTokens();
        fed.refusesPublishes(ErrorCode.UNKNOWN);
        room.hear(Room.consumer(room.client("fed", builder -> builder.broker(fed)))
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.empty()));
        fed.sink().givenUp("ref", Message.to("quakes.nc").id("a").body("a"), 20);
        room.pass(Duration.ofMinutes(1));
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);

        room.pass(Duration.ofHours(1));
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isBetween(8L, 18L);
        assertThat(room.told().count(Kind.DEAD_LETTERED)).isZero();

        fed.refusesPublishes(null);
        room.pass(Duration.ofMinutes(2));
        assertThat(room.told().count(Kind.DEAD_LETTERED)).isEqualTo(1);
    }

    @Test
    void theLetterOfWhatTheBrokerHasGivenUpOutlivesTheSubscription() {
        HandFedBroker fed = HandFedBroker.withTokens();
        fed.refusesPublishes(ErrorCode.UNKNOWN);
        Heard<Outcome> outcomes = room.hear(Room.consumer(room.client("fed", builder -> builder.broker(fed)))
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.empty()));
        fed.sink().givenUp("ref", Message.to("quakes.nc").id("a").body("a"), 20);
        room.pass(Duration.ofSeconds(1));

        outcomes.cancel();
        room.pass(Duration.ofMinutes(1));
        fed.refusesPublishes(null);
        room.pass(Duration.ofMinutes(1));

        assertThat(room.told().count(Kind.DEAD_LETTERED)).isEqualTo(1);
    }

    @Test
    void theLetterOfWhatTheBrokerHasGivenUpIsToldWhenTheClientClosesBeforeItIsConfirmed() {
        HandFedBroker fed = HandFedBroker.withTokens();
        MessageClient client = room.client("fed", builder -> builder.broker(fed));
        room.hear(Room.consumer(client).deadLetterTo("dead.quakes").handle(delivery -> Mono.empty()));
        fed.fallSilent();
        fed.sink().givenUp("ref", Message.to("quakes.nc").id("a").body("a"), 20);
        room.pass(Duration.ofSeconds(1));
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isZero();

        room.hear(client.close());
        room.pass(Duration.ofMinutes(1));

        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);
        assertThat(room.told().count(Kind.DEAD_LETTERED)).isZero();
    }
}
