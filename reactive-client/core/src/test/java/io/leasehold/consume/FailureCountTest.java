package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.StageAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Failures are counted and not hand-outs; and what fails is never thrown away unless somebody has said so. */
class FailureCountTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final AtomicInteger runs = new AtomicInteger();

    private MessageConsumer<String> letters() {
        return room.consumer().concurrency(1).deadLetterTo("dead.quakes");
    }

    private Mono<Object> fails() {
        return Mono.defer(() -> {
            runs.incrementAndGet();
            return Mono.error(new IllegalStateException("no"));
        });
    }

    private Mono<Object> goesOn() {
        return Mono.defer(() -> {
            runs.incrementAndGet();
            return Mono.never();
        });
    }

    /** What ends a hand-out without a failure of the message. */
    private enum End {
        DRAIN(room -> room.consumer().control().drain(Duration.ZERO).subscribe()),
        PAUSE_WHILE_IT_WAITS(room -> {
            room.consumer().control().pause().subscribe();
            room.pass(Duration.ofMillis(20));
        });

        private final Consumer<Room> happens;

        End(Consumer<Room> happens) {
            this.happens = happens;
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void whatWasOnlyGivenBackFailsAsOftenAsItMayBeforeItIsADeadLetter(End end) {
        for (int i = 0; i < 4; i++) {
            Heard<Outcome> given = room.hear(letters().prefetch(1).handle(delivery -> Mono.never()));
            if (i == 0) {
                room.publish("first", "second");
            }
            room.pass(SOON);
            end.happens.accept(room);
            room.pass(SOON);
            given.cancel();
            room.pass(SOON);
        }
        Heard<Outcome> outcomes = room.hear(letters()
                .maxDeliveries(3)
                .concurrency(2)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> fails()));

        room.pass(Duration.ofMinutes(1));

        assertThat(runs).as("three failures each").hasValue(2 * 3);
        assertThat(Room.kinds(outcomes).stream().filter(kind -> kind == Outcome.Kind.DEAD_LETTERED))
                .hasSize(2);
    }

    private static MessageConsumer<String> hurried(MessageConsumer<String> patient) {
        return patient.maxDeliveries(2).handlerTimeout(SOON).redelivery(Backoff.fixed(Duration.ofMillis(100)));
    }

    // It is given back before it ends: there is no lease any more for a dead letter.
    private Mono<Object> endsLate(Delivery<String> delivery) {
        runs.incrementAndGet();
        return delivery.lease()
                .bind(Mono.just("slow"), slow -> Mono.delay(Room.T.dividedBy(4), room.time()))
                .then(Mono.never());
    }

    @Test
    void whatTakesLongerToEndThanItsTimeoutIsADeadLetterAfterItsLastFailure() {
        Heard<Outcome> outcomes = room.hear(hurried(letters()).handle(this::endsLate));
        room.publish("slow");
        room.pass(Duration.ofMinutes(1));

        assertThat(runs).hasValue(2);
        assertThat(Room.kinds(outcomes))
                .containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsOnly(ErrorCode.HANDLER_TIMEOUT);
    }

    @Test
    void whatTakesLongerToEndThanItsTimeoutIsToldWhereThereAreNoDeadLetters() {
        room.hear(hurried(room.consumer()).handle(this::endsLate));
        room.publish("slow");
        room.pass(Duration.ofSeconds(30));

        assertThat(room.told().count(Kind.KEEPS_FAILING)).isPositive();
    }

    @Test
    void whatAHandlerGivesBackItselfIsADeadLetterAfterItsLastFailure() {
        Heard<Outcome> outcomes = room.hear(
                letters().maxDeliveries(2).handle(delivery -> delivery.lease().nak(Duration.ofMillis(200))));
        room.publish("no");
        room.pass(Duration.ofMinutes(1));

        assertThat(Room.kinds(outcomes))
                .containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
    }

    @Test
    void theMembersOfABatchThatEndsLateEachRunAloneBeforeTheyFail() {
        List<Outcome> outcomes = room.hear(hurried(letters())
                        .handleBatch(
                                BatchSettings.ofSize(2),
                                batch -> batch.stream()
                                                .anyMatch(one -> one.body().equals("slow"))
                                        ? endsLate(batch.get(0))
                                        : Mono.empty()))
                .values();
        room.publish("good", "slow");
        room.pass(Duration.ofMinutes(1));

        assertThat(outcomes)
                .filteredOn(outcome -> outcome.deliveryCount() == 1)
                .extracting(Outcome::kind)
                .containsExactly(Outcome.Kind.ACKED, Outcome.Kind.NAKED);
        assertThat(outcomes).last().extracting(Outcome::kind).isEqualTo(Outcome.Kind.DEAD_LETTERED);
    }

    @Test
    void aLossIsNoFailure() {
        AtomicBoolean broken = new AtomicBoolean();
        Heard<Outcome> outcomes = room.hear(letters()
                .maxDeliveries(2)
                .touch(TouchMode.NEVER)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> broken.get() ? fails() : Mono.never()));
        room.publish("slow");
        room.pass(Room.T.multipliedBy(4));
        assertThat(Room.kinds(outcomes)).hasSizeGreaterThan(2).containsOnly(Outcome.Kind.LOST);

        broken.set(true);
        room.pass(Room.T.multipliedBy(2));

        assertThat(runs).hasValue(2);
        assertThat(outcomes.values().get(outcomes.values().size() - 1).kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
    }

    @Test
    void whatAStageRefusedIsNoFailure() {
        AtomicInteger asked = new AtomicInteger();
        ConsumeStage refusesThrice = new ConsumeStage() {
            @Override
            public StageAnswer enter(ConsumeView run, long now) {
                return asked.incrementAndGet() <= 3 ? StageAnswer.refuse(ErrorCode.BREAKER_OPEN) : StageAnswer.PROCEED;
            }

            @Override
            public void exit(ConsumeView run, Outcome.Kind outcome, long now) {}
        };
        room.hear(Room.consumer(room.client("staged", builder -> builder.stage(refusesThrice)))
                .maxDeliveries(2)
                .deadLetterTo("dead.quakes")
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> fails()));
        room.publish("m");

        room.pass(Duration.ofMinutes(1));

        assertThat(runs).hasValue(2);
    }

    @Test
    void whereNobodyKnowsHowADeliveryEndedItCountsAsAFailure() {
        Heard<Outcome> outcomes = room.hear(fed().deadLetterTo("dead.quakes").handle(delivery -> fails()));

        broker.feed("m", 5);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
    }

    // ---- without a dead-letter topic

    @Test
    void anOutageOfAnHourLosesNothingByDefault() {
        AtomicBoolean down = new AtomicBoolean(true);
        Heard<Outcome> outcomes =
                room.hear(room.consumer().handle(delivery -> down.get() ? fails() : Mono.fromRunnable(() -> {})));
        room.publish(3);

        room.pass(Duration.ofHours(1));
        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.NAKED);
        assertThat(runs.get()).as("ever more rarely").isBetween(3 * 15, 3 * 25);
        assertThat(room.told().count(Kind.KEEPS_FAILING)).isEqualTo(runs.get() - 3 * 4);
        down.set(false);
        room.pass(Duration.ofMinutes(6));

        assertThat(Room.kinds(outcomes).stream().filter(kind -> kind == Outcome.Kind.ACKED))
                .hasSize(3);
        assertThat(room.told().count(Kind.TERMINATED)).isZero();
    }

    @Test
    void whatNeverFinishesIsHeldBackBeforeEachTryAndNeverThrownAway() {
        Heard<Outcome> outcomes = room.hear(fed().maxUnfinishedDeliveries(10).handle(delivery -> goesOn()));
        broker.feed("m", 10);
        room.pass(SOON);

        assertThat(runs).hasValue(0);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.NEVER_FINISHED);
        assertThat(broker.settled).extracting(HandFedBroker.Settled::verb).containsExactly(SettleVerb.NAK);
        assertThat(broker.settled.get(0).delayNanos())
                .isEqualTo(Duration.ofMinutes(5).toNanos());
        assertThat(room.told().count(Kind.KEEPS_FAILING)).isEqualTo(1);

        broker.feed("m", 11);
        room.pass(SOON);
        assertThat(runs).as("then it is tried").hasValue(1);

        broker.sink().ended("m", null, LeaseLoss.CONNECTION_LOST);
        room.pass(SOON);
        broker.feed("m", 12);
        room.pass(SOON);
        assertThat(runs).as("and held back again").hasValue(1);
    }

    @Test
    void whatFailsForEverIsNotTakenForWhatNeverFinishes() {
        room.hear(fed().maxUnfinishedDeliveries(10)
                .redelivery(Backoff.fixed(SOON))
                .handle(delivery -> fails()));

        for (int count = 1; count <= 30; count++) {
            broker.feed("m", count);
            room.pass(Duration.ofMinutes(2));
        }

        assertThat(runs).hasValue(30);
        assertThat(broker.verbsOf("m")).hasSize(30).containsOnly(SettleVerb.NAK);
    }

    @Test
    void whatTheUserDoesNotWantTriedAgainIsTerminated() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().retryOn(error -> false).handle(delivery -> fails()));
        room.publish("m");
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.TERMINATED);
    }

    // ---- what takes longer than maxHold

    @Test
    void workThatTakesLongerThanItMayHasFailedAndTheSettingIsNamed() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().maxHold(Room.T.multipliedBy(2)).handle(delivery -> goesOn()));
        room.publish("long");

        room.pass(Room.T.multipliedBy(2).plus(SOON));

        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.MAX_HOLD);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.HOLD_EXCEEDED);
        assertThat(outcomes.values().get(0).error()).hasMessageContaining("maxHold");
        assertThat(room.told().count(Kind.HOLD_EXCEEDED)).isEqualTo(1);
    }

    @Test
    void workThatTookTooLongAsOftenAsItMayFailIsADeadLetterAndIsNotBegunAgain() {
        List<Message> dead = new ArrayList<>();
        room.hear(room.client().consumer("dead.>", "undertakers", Message.class).handle(delivery -> {
            dead.add(delivery.body());
            return Mono.empty();
        }));
        Heard<Outcome> outcomes = room.hear(
                letters().maxDeliveries(2).maxHold(Room.T.multipliedBy(2)).handle(delivery -> goesOn()));
        room.publish("long");

        room.pass(Room.T.multipliedBy(10));

        assertThat(runs).hasValue(2);
        assertThat(Room.kinds(outcomes))
                .containsExactly(Outcome.Kind.LOST, Outcome.Kind.LOST, Outcome.Kind.DEAD_LETTERED);
        assertThat(dead).extracting(Message::text).containsExactly("long");
        assertThat(dead.get(0).headers().first("Leasehold-Code")).contains(ErrorCode.HOLD_EXCEEDED.id());
    }

    // ---- what is remembered of messages

    private MessageConsumer<String> fed() {
        return Room.consumer(room.client("fed", builder -> builder.broker(broker)));
    }

    @Test
    void whatIsKnownOfAMessageEndsWithTheLifeOfItsGroup() {
        room.hear(fed().maxDeliveries(2).deadLetterTo("dead.quakes").handle(delivery -> fails()));
        broker.refusePublishes();
        broker.feed("m", 2);
        room.pass(SOON);
        assertThat(room.told().count(Kind.DEAD_LETTER_FAILED)).isEqualTo(1);
        assertThat(runs).hasValue(1);

        broker.sink().delivered(new HandFedBroker.Fed(broker, "m", 1, new FencingToken(2, 1), room.nanos()));
        room.pass(SOON);

        assertThat(runs).as("another message of the same number is worked on").hasValue(2);
    }

    @Test
    void howManyMessagesAreRememberedHasABound() {
        RedeliveryMemory remembered = new RedeliveryMemory();
        room.hear(fed().concurrency(1_000).deliveries().doOnNext(delivery -> {
            for (int i = 0; i < 3; i++) {
                remembered.note("g", ((HeldDelivery<?>) delivery).handout(), RedeliveryMemory.Known::oneLost);
            }
            delivery.lease().ack().subscribe();
        }));
        for (int i = 0; i < 12_000; i++) {
            broker.feed("m" + i, 1);
        }
        room.pass(SOON);

        assertThat(broker.settled).hasSize(12_000);
        assertThat(remembered.size()).isBetween(RedeliveryMemory.MESSAGES_MAX / 2, RedeliveryMemory.MESSAGES_MAX);
    }
}
