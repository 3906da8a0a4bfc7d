package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Capabilities;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a broker that checks receipts refuses, and whom it tells. */
@When(Trait.FENCED)
interface FencingContract extends ContractPart {
    private TestConsumer ranOut(TestConsumer second) {
        TestConsumer first = bench().holding("a");
        second.credit(1);
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("the second one gets it", () -> second.count() == 1);
        return first;
    }

    @Test
    default void fencingRefusesTheAckOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestSettle stale = first.ack(first.last());
        bench().until("it is refused", () -> stale.refusal() == LeaseLoss.SUPERSEDED);
        TestSettle fresh = second.ack(second.last());
        bench().until("the holder's is done", fresh::isDone);
    }

    @Test
    default void fencingRefusesTheNakOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestConsumer third = bench().consume("a").credit(1);
        TestSettle stale = first.nak(first.last(), Duration.ZERO);

        bench().until("it is refused", () -> stale.refusal() == LeaseLoss.SUPERSEDED);
        bench().settleDown();

        assertThat(third.count()).isZero();
    }

    @Test
    default void fencingRefusesTheTouchOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestConsumer third = bench().consume("a").credit(1);
        bench().elapse(test().leaseTime().dividedBy(2));
        TestTouch stale = first.touch(first.last());
        bench().until("it is refused", () -> stale.refusal() == LeaseLoss.SUPERSEDED);
        bench().elapse(test().leaseTime().dividedBy(2).plus(test().tolerance()));
        bench().until("the holder's lease was not extended", () -> third.count() == 1);
    }

    @Test
    default void fencingRefusesWhatRanOutAndWaitsToComeAgain() {
        TestConsumer consumer = bench().holding("a");
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        TestSettle ack = consumer.ack(consumer.last());
        TestTouch touch = consumer.touch(consumer.last());
        bench().until(
                        "both are refused",
                        () -> ack.refusal() == LeaseLoss.EXPIRED && touch.refusal() == LeaseLoss.EXPIRED);
        consumer.credit(1);
        bench().until("it comes again", () -> consumer.count() == 2);
    }

    @Test
    default void fencingRefusesTheAckOfASupersededDeliveryAfterTheHoldersAck() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        second.ack(second.last());
        TestSettle stale = first.ack(first.last());
        TestTouch touch = first.touch(first.last());
        bench().until(
                        "both are refused",
                        () -> stale.refusal() == LeaseLoss.SETTLED_ELSEWHERE
                                && touch.refusal() == LeaseLoss.SETTLED_ELSEWHERE);
    }

    @Test
    default void fencingRefusesAnotherSettlementOfTheSameDelivery() {
        TestConsumer consumer = bench().holding("a").credit(5);
        consumer.ack(consumer.last());
        TestSettle nak = consumer.nak(consumer.last(), Duration.ZERO);
        TestSettle terminate = consumer.settle(TestSettle.terminate(consumer.last()));
        bench().until(
                        "both are refused",
                        () -> nak.refusal() == LeaseLoss.SETTLED_ELSEWHERE
                                && terminate.refusal() == LeaseLoss.SETTLED_ELSEWHERE);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    default void fencingAnswersARepeatedNakWithoutFreeingTheNextHolder() {
        TestConsumer first = bench().holding("a");
        TestConsumer second = bench().consume("a").credit(1);
        TestConsumer third = bench().consume("a").credit(1);

        first.nak(first.last(), Duration.ZERO);
        TestSettle again = first.nak(first.last(), Duration.ZERO);
        bench().until("it is done", again::isDone);
        bench().settleDown();

        assertThat(second.count() + third.count()).isEqualTo(1);
    }

    @Test
    default void fencingRefusesTheAckAfterANak() {
        TestConsumer consumer = bench().holding("a");
        consumer.nak(consumer.last(), Duration.ZERO);
        TestSettle queued = consumer.ack(consumer.last());
        bench().until("it is refused", () -> queued.refusal() == LeaseLoss.EXPIRED);
        consumer.credit(1);
        bench().until("it comes again", () -> consumer.count() == 2);
        TestSettle superseded = consumer.ack(consumer.handout(0));
        bench().until("it is refused", () -> superseded.refusal() == LeaseLoss.SUPERSEDED);
    }

    @Test
    default void fencingTellsTheHolderThatItsLeaseRanOut() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);

        bench().until("it is told", () -> first.ends().size() == 1);
        TestConsumer.Ended ended = first.ends().get(0);
        assertThat(ended.ref()).isEqualTo(first.last().ref());
        assertThat(ended.loss()).isEqualTo(LeaseLoss.EXPIRED);
        FencingToken newer = ended.newer();
        if (newer != null) {
            assertThat(newer.isNewerThan(Objects.requireNonNull(first.last().token())))
                    .isTrue();
            assertThat(newer.isNewerThan(Objects.requireNonNull(second.last().token())))
                    .isFalse();
        }

        assertThat(newer == null).isEqualTo(bench().capabilities().tokens() == Capabilities.Tokens.NONE);
        assertThat(second.ends()).isEmpty();
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void fencingKeepsLeasesExactOverARestart() {
        TestConsumer consumer = bench().consume("a").credit(2);
        bench().publishAll("a", "acked", "runs out");
        bench().until("both are delivered", () -> consumer.count() == 2);
        consumer.credit(5);
        bench().elapse(test().leaseTime().dividedBy(2));
        test().restart(bench().broker());
        bench().elapse(test().leaseTime().dividedBy(2).minus(test().tolerance()));
        assertThat(consumer.count()).isEqualTo(2);
        TestSettle ack = consumer.ack(consumer.handout(0));
        bench().until("it is acked", ack::isDone);
        bench().elapse(test().tolerance().multipliedBy(2));
        bench().until("the other one comes again", () -> consumer.count() == 3);

        assertThat(consumer.texts()).containsExactly("acked", "runs out", "runs out");
    }
}
