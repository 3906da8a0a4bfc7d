package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.StartPosition;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What a consumer wishes and its broker cannot do becomes the nearest that it can, and that is told. */
class BrokerFitTest {
    private static Room playing(Capabilities can) {
        return Room.of(EmbeddedSettings.builder().plays(can).build());
    }

    private static MessagingEvent begun(Room room) {
        return room.told().events().stream()
                .filter(event -> event.kind() == Kind.CONSUMING)
                .findFirst()
                .orElseThrow();
    }

    /** On a broker that lends for 5 s to a minute, and for two minutes in all. */
    @Nested
    class Bounded {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced()
                .leaseTimes(Duration.ofSeconds(5), Duration.ofMinutes(1))
                .holdMax(Duration.ofMinutes(2)));

        private void consume(MessageConsumer<String> consumer) {
            room.hear(consumer.handle(delivery -> Mono.never()));
            room.pass(Duration.ofMillis(10));
        }

        @Test
        void aWishWithinTheBoundsIsTakenAsItIs() {
            consume(room.consumer().leaseTime(Duration.ofSeconds(20)).maxHold(Duration.ofSeconds(90)));

            assertThat(begun(room).details())
                    .containsEntry("leaseTime", Duration.ofSeconds(20))
                    .containsEntry("maxHold", Duration.ofSeconds(90));
            assertThat(room.told().count(Kind.ADVICE)).isZero();
        }

        @Test
        void aLeaseTimeAboveTheLongestBecomesTheLongestAndThatIsTold() {
            consume(room.consumer().leaseTime(Duration.ofMinutes(10)));

            assertThat(begun(room).details()).containsEntry("leaseTime", Duration.ofMinutes(1));
            assertThat(room.told().count(Kind.ADVICE)).isOne();
        }

        @Test
        void aLeaseTimeBelowTheLeastBecomesTheLeastAndThatIsTold() {
            consume(room.consumer().leaseTime(Duration.ofSeconds(1)));

            assertThat(begun(room).details()).containsEntry("leaseTime", Duration.ofSeconds(5));
            assertThat(room.told().count(Kind.ADVICE)).isOne();
        }

        @Test
        void aMaxHoldThatTheBrokerDoesNotGrantIsCutAndThatIsTold() {
            consume(room.consumer().leaseTime(Duration.ofSeconds(20)).maxHold(Duration.ofHours(1)));

            Duration hold = (Duration) begun(room).details().get("maxHold");
            assertThat(hold).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(110));
            assertThat(room.told().count(Kind.ADVICE)).isOne();
        }

        @Test
        void aHandlerTimeoutThatCannotPassIsTold() {
            consume(room.consumer().handlerTimeout(Duration.ofMinutes(3)));

            assertThat(room.told().count(Kind.ADVICE)).isOne();
        }

        @Test
        void workThatTakesLongerThanTheBrokerGrantsIsAFailure() {
            Heard<Outcome> outcomes = room.hear(room.consumer()
                    .leaseTime(Duration.ofSeconds(20))
                    .redelivery(Backoff.builder()
                            .first(Duration.ofMinutes(1))
                            .max(Duration.ofMinutes(1))
                            .factor(1)
                            .jitter(0)
                            .build())
                    .handle(delivery -> Mono.never()));
            room.publish("long");

            room.pass(Duration.ofMinutes(2));

            assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.HOLD_EXCEEDED);
        }

        @Test
        void theSameWishAgainChangesNothing() {
            MessageConsumer<String> consumer = room.consumer().leaseTime(Duration.ofMinutes(10));
            consume(consumer);

            Heard<Boolean> applied = room.hear(consumer.control().apply(consumer.settings()));
            room.pass(Duration.ofMillis(10));

            assertThat(applied.values()).containsExactly(false);
            assertThat(room.told().count(Kind.SETTINGS_UNCHANGED)).isOne();
        }
    }

    /** On a broker that lends for a minute at least, and for 400 s in all. */
    @Nested
    class BoundedFromBelow {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced()
                .leaseTimes(Duration.ofMinutes(1), Duration.ofHours(12))
                .holdMax(Duration.ofSeconds(400)));

        @Test
        void theMaxHoldThatNobodySetGoesWithTheLeaseTimeInForce() {
            room.hear(room.consumer().leaseTime(Duration.ofSeconds(30)).handle(delivery -> Mono.never()));
            room.pass(Duration.ofMillis(10));

            Duration hold = (Duration) begun(room).details().get("maxHold");
            assertThat(hold).isBetween(Duration.ofSeconds(350), Duration.ofSeconds(360));
        }

        @Test
        void aLeaseTimeThatIsLongerThanAnyLeaseIsHeldIsCutAndLeavesRoomForWork() {
            Heard<Outcome> outcomes =
                    room.hear(room.consumer().leaseTime(Duration.ofHours(6)).handle(delivery -> Mono.empty()));
            room.publish("1");
            room.pass(Duration.ofMillis(10));

            assertThat(begun(room).details()).containsEntry("leaseTime", Duration.ofSeconds(400));
            assertThat(room.told().count(Kind.ADVICE)).isOne();
            assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        }
    }

    private static ErrorCode refusal(Heard<Outcome> outcomes) {
        return outcomes.code();
    }

    /** On a broker that drops a message after four deliveries, and tells it. */
    @Nested
    class Dropping {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced().deliveriesMax(4, true));

        @Test
        void withoutADeadLetterTopicThatIsToldAtTheStart() {
            room.hear(room.consumer().handle(delivery -> Mono.empty()));
            room.pass(Duration.ofMillis(10));

            assertThat(room.told().count(Kind.ADVICE)).isOne();
        }

        @Test
        void whatIsDroppedBecomesADeadLetter() {
            room.hear(room.consumer()
                    .maxDeliveries(9)
                    .deadLetterTo("dead.quakes")
                    .handle(delivery -> Mono.error(new IllegalStateException())));
            Heard<Outcome> letters = room.hear(
                    room.client().consumer("dead.>", "letters", String.class).handle(letter -> Mono.empty()));
            room.publish("bad");

            room.pass(Duration.ofMinutes(10));

            assertThat(letters.values()).hasSize(1);
            assertThat(room.told().count(Kind.DEAD_LETTERED)).isOne();
        }

        @Test
        void whatNeverFinishesBecomesADeadLetterBeforeItIsDropped() {
            Heard<Outcome> outcomes = room.hear(room.consumer()
                    .maxDeliveries(2)
                    .deadLetterTo("dead.quakes")
                    .touch(TouchMode.NEVER)
                    .handle(delivery -> Mono.never()));
            room.publish("kills");

            room.pass(Room.T.multipliedBy(10));

            assertThat(Room.kinds(outcomes)).endsWith(Outcome.Kind.DEAD_LETTERED);
        }
    }

    /** On a broker that drops a message after four deliveries, and tells nobody. */
    @Nested
    class DroppingSilently {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced().deliveriesMax(4, false));

        @Test
        void moreMaxDeliveriesThanTheBrokerGrantsAreRefused() {
            Heard<Outcome> outcomes = room.hear(
                    room.consumer().maxDeliveries(5).deadLetterTo("dead.quakes").handle(delivery -> Mono.empty()));

            assertThat(refusal(outcomes)).isEqualTo(ErrorCode.BAD_SETTING);
        }

        @Test
        void soManyAreTaken() {
            Heard<Outcome> outcomes = room.hear(
                    room.consumer().maxDeliveries(4).deadLetterTo("dead.quakes").handle(delivery -> Mono.empty()));
            room.publish("good");

            assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        }

        @Test
        void moreThanThatLaterChangesNothing() {
            MessageConsumer<String> consumer = room.consumer().maxDeliveries(4).deadLetterTo("dead.quakes");
            Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));

            Heard<Boolean> applied =
                    room.hear(consumer.control().apply(consumer.maxDeliveries(5).settings()));
            room.publish("good");

            assertThat(applied.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isZero();
            assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        }
    }

    /** On a broker whose groups consume one topic each, from what follows. */
    @Nested
    class Exact {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced()
                .startPositions(Set.of(StartPosition.Kind.LATEST))
                .withoutWildcards());

        private Heard<Outcome> consume(String filter, StartPosition start) {
            return room.hear(room.client()
                    .consumer(filter, "assessors", String.class)
                    .startFrom(start)
                    .handle(delivery -> Mono.empty()));
        }

        @Test
        void aStartThatTheBrokerDoesNotHaveIsRefused() {
            assertThat(refusal(consume("quakes.nc", StartPosition.EARLIEST))).isEqualTo(ErrorCode.UNSUPPORTED);
        }

        @Test
        void aFilterWithAWildcardIsRefused() {
            assertThat(refusal(consume("quakes.>", StartPosition.LATEST))).isEqualTo(ErrorCode.UNSUPPORTED);
        }

        @Test
        void whatItHasIsTaken() {
            Heard<Outcome> outcomes = consume("quakes.nc", StartPosition.LATEST);
            room.publish("good");

            assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        }
    }

    /** On a broker whose leases nothing extends. */
    @Nested
    class Fixed {
        @RegisterExtension
        final Room room = playing(Capabilities.fenced().withoutTouches());

        @Test
        void workThatTakesLongerThanItsLeaseIsAFailure() {
            Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> Mono.never()));
            room.publish("long");

            room.pass(Room.T);

            assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.HOLD_EXCEEDED);
            assertThat((Duration) begun(room).details().get("maxHold")).isLessThan(Room.T);
        }

        @Test
        void aTouchByHandSaysThatThereAreNone() {
            Heard<Outcome> outcomes = room.hear(
                    room.consumer().handle(delivery -> delivery.lease().touch().then()));
            room.publish("touched");

            assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.UNSUPPORTED);
        }
    }
}
