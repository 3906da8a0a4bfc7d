package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * What a broker may get wrong about itself is refused where it says it, or told and without a consequence: what it says
 * truly afterwards is worked on as ever.
 *
 * <pre>
 *   T or B that cannot be                refused where they are made        BAD_SETTING
 *   a delivery that lacks something      dropped, told                      TROUBLE, PROTOCOL
 *   a lease time in force of zero        told                               TROUBLE, PROTOCOL
 *   no port for a group                  the consumer ends                  PROTOCOL
 *   more deliveries than credit          worked on or given back, told      SURPLUS
 *   a token that goes back               dropped, told                      OLDER_DELIVERY
 *   the same delivery twice              dropped, told                      OLDER_DELIVERY
 *   an end of what nobody holds          nothing
 * </pre>
 *
 * <p>What it throws, does not give or says twice is in {@link ThrowingBrokerTest}.
 */
class LyingBrokerTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();

    /** What a delivery may lack. */
    enum Lack {
        REF,
        MESSAGE,
        SETTLEMENT,
        RECEIPT,
        LEASE_TIME;

        <V> V unless(Lack lack, V value) {
            return this == lack ? null : value;
        }
    }

    /** A delivery that lacks something. */
    private record Partial(Lack lack, Handout whole) implements Handout {
        @Override
        public Object ref() {
            return lack.unless(Lack.REF, whole.ref());
        }

        @Override
        public Message message() {
            return lack.unless(Lack.MESSAGE, whole.message());
        }

        @Override
        public Settlement settlement() {
            return lack.unless(Lack.SETTLEMENT, whole.settlement());
        }

        @Override
        public Object receipt() {
            return lack.unless(Lack.RECEIPT, whole.receipt());
        }

        @Override
        public LeaseTime leaseTime() {
            return lack.unless(Lack.LEASE_TIME, whole.leaseTime());
        }

        @Override
        public long anchorNanos() {
            return whole.anchorNanos();
        }

        @Override
        public long touchByNanos() {
            return whole.touchByNanos();
        }

        @Override
        public FencingToken token() {
            return whole.token();
        }

        @Override
        public int deliveryCount() {
            return whole.deliveryCount();
        }

        @Override
        public int releases() {
            return whole.releases();
        }
    }

    private Heard<Outcome> consume(Function<Delivery<String>, Mono<Void>> handler) {
        Heard<Outcome> outcomes = room.hear(room.client("one", builder -> builder.broker(broker))
                .consumer("quakes.>", "assessors", String.class)
                .leaseTime(HandFedBroker.T)
                .concurrency(2)
                .handle(handler::apply));
        room.pass(Duration.ofMillis(10));
        return outcomes;
    }

    private Stream<ErrorCode> troubles() {
        return room.told().events().stream()
                .filter(event -> event.kind() == Kind.TROUBLE)
                .map(MessagingEvent::code);
    }

    private Handout fed(String ref) {
        Ticker ticker = new Ticker(room.time());
        return new HandFedBroker.Fed(broker, ref, 1, new FencingToken(1, 1), ticker.nanos());
    }

    static Stream<ThrowingCallable> impossible() {
        return Stream.of(
                () -> LeaseTime.renewable(Duration.ZERO),
                () -> LeaseTime.fixed(Duration.ofNanos(-1)),
                () -> Capabilities.unfenced(Duration.ofNanos(-1)),
                () -> Capabilities.fenced().duplicateWindow(Duration.ofNanos(-1)),
                () -> Capabilities.fenced().leaseTimes(Duration.ZERO, Duration.ofSeconds(1)),
                () -> Capabilities.fenced().leaseTimes(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                () -> Capabilities.fenced().holdMax(Duration.ZERO),
                () -> Capabilities.fenced().deliveriesMax(0, true));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatCannotBeIsRefusedWhereItIsSaid(ThrowingCallable said) {
        assertThatThrownBy(said)
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }

    @ParameterizedTest
    @EnumSource
    void aDeliveryThatLacksSomethingIsToldAndCostsNoCredit(Lack lack) {
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());
        long credit = broker.credit();

        broker.sink().delivered(new Partial(lack, fed("lacking")));
        room.pass(Duration.ofMillis(10));

        assertThat(troubles()).containsExactly(ErrorCode.PROTOCOL);
        assertThat(outcomes.values()).isEmpty();
        assertThat(broker.credit()).isEqualTo(credit + 1);
        broker.feed("whole", 1);
        room.pass(Duration.ofMillis(10));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void aLeaseTimeInForceOfZeroIsTold() {
        consume(delivery -> Mono.empty());

        broker.sink().begun(0);

        assertThat(troubles()).containsExactly(ErrorCode.PROTOCOL);
    }

    @Test
    void moreDeliveriesThanCreditAreTold() {
        consume(delivery -> Mono.never());

        for (int i = 0; i < 10; i++) {
            broker.feed("m" + i, 1);
        }
        room.pass(Duration.ofMillis(10));

        assertThat(room.told().count(Kind.SURPLUS)).isPositive();
    }

    @Test
    void aTokenThatGoesBackStartsNothing() {
        Heard<Outcome> outcomes = consume(delivery -> Mono.never());

        broker.feed("m", 2, 20);
        broker.feed("m", 3, 10);
        room.pass(Duration.ofMillis(10));

        assertThat(room.told().count(Kind.OLDER_DELIVERY)).isOne();
        assertThat(outcomes.values()).isEmpty();
    }

    @Test
    void theSameDeliveryTwiceStartsNothing() {
        consume(delivery -> Mono.never());
        Handout handout = broker.feed("m", 1);

        broker.sink().delivered(handout);
        room.pass(Duration.ofMillis(10));

        assertThat(room.told().count(Kind.OLDER_DELIVERY)).isOne();
    }

    @Test
    void theEndOfWhatNobodyHoldsChangesNothing() {
        Heard<Outcome> outcomes = consume(delivery -> Mono.never());
        broker.feed("held", 1);

        broker.sink().ended("other", null, LeaseLoss.REVOKED);
        room.pass(Duration.ofMillis(10));

        assertThat(outcomes.values()).isEmpty();
    }

    @Test
    void aShareThatIsRevokedEndsItsRun() {
        Heard<Outcome> outcomes = consume(delivery -> Mono.never());
        broker.feed("held", 1);

        broker.sink().ended("held", null, LeaseLoss.REVOKED);
        room.pass(Duration.ofMillis(10));

        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.REVOKED);
    }
}
