package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.Message;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import reactor.core.publisher.Mono;

/** Times that mean "for ever", however they are written, neither overflow nor end at once. */
class LongTimesTest {
    static final List<Duration> LONG_TIMES =
            List.of(Duration.ofDays(73_000), LeasePolicy.UNLIMITED, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

    @RegisterExtension
    final Room room = Room.fenced();

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aTryOfAnyLengthIsNotTimedOut(Duration time) {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerTimeout(time)
                .handle(delivery -> Mono.delay(Duration.ofSeconds(30), room.time())));
        room.publish("a");
        room.pass(Duration.ofMinutes(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aKeyIsWaitedForAsLongAsSaid(Duration time) {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .keyed()
                .maxLaneWait(time)
                .handle(delivery -> Mono.delay(Duration.ofSeconds(30), room.time())));
        for (String body : new String[] {"a", "b"}) {
            room.hear(room.client()
                    .publish(Message.to("quakes.nc").key("NC").id(body).body(body)));
        }
        room.pass(Duration.ofMinutes(2));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsOnly(1);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aMessageThatIsGivenBackForEverIsNotSeenAgain(Duration time) {
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> Mono.just(Disposition.nak(time))));
        room.publish("a");
        room.pass(Duration.ofHours(2));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aDrainWithoutLimitWaitsForItsRuns(Duration time) {
        MessageConsumer<String> consumer = room.consumer();
        Heard<Outcome> outcomes =
                room.hear(consumer.handle(delivery -> Mono.delay(Duration.ofSeconds(90), room.time())));
        room.publish("a");
        Heard<Void> drained = room.hear(consumer.control().drain(time));
        room.pass(Duration.ofSeconds(89));
        assertThat(drained.hasEnded()).isFalse();
        room.pass(Duration.ofSeconds(2));

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aCloseWithoutLimitWaitsForItsRuns(Duration time) {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().handle(delivery -> Mono.delay(Duration.ofSeconds(90), room.time())));
        room.publish("a");
        Heard<Void> closed = room.hear(room.client().closeGracefully(time));
        room.pass(Duration.ofSeconds(89));
        assertThat(closed.hasEnded()).isFalse();
        room.pass(Duration.ofSeconds(5));

        assertThat(closed.hasCompleted()).isTrue();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aBatchIsFilledForAQuarterOfTheLeaseTimeAtMost(Duration time) {
        BatchSettings batch = BatchSettings.builder().size(10).fill(time).build();
        Heard<Outcome> outcomes = room.hear(room.consumer().handleBatch(batch, deliveries -> Mono.empty()));

        room.publish("a");
        room.pass(Room.T.dividedBy(4).plusMillis(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @ParameterizedTest
    @FieldSource("LONG_TIMES")
    void aDelayOfMoreThanADayIsRefused(Duration time) {
        assertThatThrownBy(() -> RetryPolicy.backoff(3, time))
                .satisfies(error -> assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING));
    }

    @Test
    void aLimitOfHoldingMayBeNone() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .maxHold(LeasePolicy.UNLIMITED)
                .handle(delivery -> Mono.delay(Duration.ofHours(3), room.time())));
        room.publish("a");
        room.pass(Duration.ofHours(4));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsExactly(1);
    }
}
