package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.pace.Backoff;
import java.time.Duration;
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
                    .redelivery(new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1), 1, 0))
                    .handle(delivery -> Mono.never()));
            room.publish("long");

            room.pass(Duration.ofMinutes(2));

            assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.HOLD_EXCEEDED);
        }

        @Test
        void theSameWishAgainChangesNothing() {
            MessageConsumer<String> consumer = room.consumer().leaseTime(Duration.ofMinutes(10));
            consume(consumer);

            consumer.reconfigure();
            room.pass(Duration.ofMillis(10));

            assertThat(room.told().count(Kind.SETTINGS_UNCHANGED)).isOne();
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
