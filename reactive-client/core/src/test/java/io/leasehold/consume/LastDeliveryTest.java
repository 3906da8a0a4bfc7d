package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.StageAnswer;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A broker drops what came three times and tells nobody. It counts deliveries, the client counts failures: of what
 * ends unsettled on its third delivery there is a letter, or at least a word, however few failures that was.
 */
class LastDeliveryTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.of(EmbeddedSettings.builder()
            .plays(Capabilities.fenced().deliveriesMax(3, false))
            .build());

    private final HandFedBroker fed = HandFedBroker.withTokens();
    private MessageClient feeding;
    private Heard<Message> dead;

    @BeforeEach
    void lettersAreRead() {
        dead = room.hear(room.client("undertaker")
                .consumer("dead.>", "undertakers", Message.class)
                .deliveries()
                .concatMap(letter -> letter.settleBy(Mono.empty()).thenReturn(letter.body())));
    }

    private MessageConsumer<String> consumer() {
        return consumer(room.client());
    }

    private static MessageConsumer<String> consumer(MessageClient client) {
        return Room.consumer(client)
                .maxDeliveries(3)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .deadLetterTo("dead.quakes");
    }

    private long letters() {
        return room.told().count(Kind.DEAD_LETTERED);
    }

    // ---- on a broker of which the test says what it delivers

    private MessageConsumer<String> fed() {
        if (feeding == null) {
            fed.can(Capabilities.fenced().deliveriesMax(3, false).duplicateWindow(Duration.ofMinutes(2)));
            feeding = room.client("fed", builder -> builder.broker(fed));
        }
        return consumer(feeding);
    }

    /** The last delivery of a message of which two were begun and given back. */
    private Heard<Outcome> afterTwoThatWereUndone(
            MessageConsumer<String> consumer, Function<Delivery<String>, Publisher<?>> work) {
        for (int count = 1; count <= 2; count++) {
            Heard<Outcome> left = room.hear(fed().handle(delivery -> Mono.never()));
            fed.feed("m", count);
            room.pass(SOON);
            left.cancel();
            room.pass(SOON);
        }
        assertThat(fed.verbsOf("m")).containsExactly(SettleVerb.NAK, SettleVerb.NAK);
        assertThat(letters()).isZero();

        Heard<Outcome> outcomes = room.hear(consumer.handle(work::apply));
        fed.feed("m", 3);
        room.pass(SOON);
        return outcomes;
    }

    @Test
    void aFailureIsADeadLetterAlthoughTheDeliveriesBeforeItWereUndone() {
        Heard<Outcome> outcomes =
                afterTwoThatWereUndone(fed(), delivery -> Mono.error(new IllegalStateException("no")));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(letters()).isOne();
    }

    @Test
    void aNakOfTheHandlerIsADeadLetterAlthoughTheDeliveriesBeforeItWereUndone() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(fed(), delivery -> Mono.just(Disposition.nak(SOON)));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(letters()).isOne();
    }

    @Test
    void whatRunsOutOfItsLeaseIsADeadLetter() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(fed().touch(TouchMode.NEVER), delivery -> Mono.never());

        room.pass(HandFedBroker.T);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST);
        assertThat(letters()).isOne();
    }

    @Test
    void whatIsHeldForTooLongIsADeadLetter() {
        Heard<Outcome> outcomes =
                afterTwoThatWereUndone(fed().maxHold(HandFedBroker.T.multipliedBy(2)), delivery -> Mono.never());

        room.pass(HandFedBroker.T.multipliedBy(3));

        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.HOLD_EXCEEDED);
        assertThat(letters()).isOne();
    }

    @Test
    void whatIsCancelledIsADeadLetter() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(fed(), delivery -> Mono.never());

        outcomes.cancel();
        room.pass(SOON);

        assertThat(letters()).isOne();
    }

    @Test
    void aNakWithoutAnAnswerIsADeadLetter() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(
                fed(),
                delivery -> Mono.defer(() -> {
                    fed.keepsAnswersOfSettlements();
                    return delivery.lease().nak();
                }));

        room.pass(HandFedBroker.T);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.UNKNOWN);
        assertThat(letters()).isOne();
    }

    @Test
    void whatSomebodyElseHasSettledIsNoDeadLetter() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(fed(), delivery -> Mono.never());

        fed.sink().ended("m", null, LeaseLoss.SETTLED_ELSEWHERE);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST);
        assertThat(letters()).isZero();
    }

    @Test
    void whatIsDoneOnItsLastDeliveryIsDone() {
        Heard<Outcome> outcomes = afterTwoThatWereUndone(fed(), delivery -> Mono.empty());

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(letters()).isZero();
        assertThat(room.told().count(Kind.TERMINATED)).isZero();
    }

    // ---- on a broker that drops

    @Test
    void whatAStageRefusesIsADeadLetter() {
        MessageClient refusing = room.client(
                "refusing",
                builder -> builder.stage(new ConsumeStage() {
                    @Override
                    public StageAnswer enter(ConsumeView view, long now) {
                        return StageAnswer.refuse(ErrorCode.BREAKER_OPEN);
                    }

                    @Override
                    public void exit(ConsumeView view, Outcome.Kind outcome, long now) {}
                }));
        Heard<Outcome> outcomes = room.hear(consumer(refusing).handle(delivery -> Mono.empty()));
        room.publish("m");

        room.pass(Duration.ofMinutes(1));

        assertThat(Room.kinds(outcomes))
                .containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsOnly(ErrorCode.BREAKER_OPEN);
        assertThat(dead.values()).extracting(Message::text).containsExactly("m");
        assertThat(room.group("assessors").held()).isZero();
    }

    @Test
    void whatIsGivenBackBeforeItBeganIsADeadLetter() {
        for (int i = 0; i < 3; i++) {
            Heard<Outcome> outcomes = room.hear(
                    consumer().concurrency(1).prefetch(1).maxWaiting(1).handle(delivery -> Mono.never()));
            if (i == 0) {
                room.publish("runs", "waits");
            }
            room.pass(SOON);
            outcomes.cancel();
            room.pass(SOON);
        }

        assertThat(dead.values()).extracting(Message::text).containsExactlyInAnyOrder("runs", "waits");
    }

    @Test
    void withoutATopicForLettersItIsToldThatTheBrokerDropsTheMessage() {
        Heard<Outcome> outcomes = room.hear(Room.consumer(room.client())
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> Mono.error(new IllegalStateException("no"))));
        room.publish("m");

        room.pass(Duration.ofMinutes(1));

        assertThat(outcomes.values()).hasSize(3);
        assertThat(room.told().events().stream()
                        .filter(event -> event.kind() == Kind.TERMINATED)
                        .map(event -> event.code()))
                .containsExactly(ErrorCode.NEVER_FINISHED);
        assertThat(room.told().count(Kind.KEEPS_FAILING)).isZero();
    }
}
