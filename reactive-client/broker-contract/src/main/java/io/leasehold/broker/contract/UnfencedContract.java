package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What a broker that does not check receipts does, as measured on nats-server; why the client must fence for itself.
 */
@When(Trait.UNFENCED)
interface UnfencedContract extends ContractPart {
    private TestConsumer ranOut(TestConsumer second) {
        TestConsumer first = bench().holding("a");
        second.credit(1);
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("the second one gets it", () -> second.count() == 1);
        return first;
    }

    @Test
    default void anUnfencedBrokerLetsALateAckEndTheMessage() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        second.credit(5);
        TestSettle late = first.ack(first.last());
        bench().until("it is done", late::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));
        assertThat(second.count()).isEqualTo(1);
        TestSettle holders = second.ack(second.last());
        bench().until("the holder's is confirmed, too", holders::isDone);
    }

    @Test
    default void anUnfencedBrokerLetsALateTerminateEndTheMessage() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);

        second.credit(5);
        TestSettle late = first.settle(TestSettle.terminate(first.last()));
        bench().until("it is done", late::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(second.count()).isEqualTo(1);
    }

    @Test
    default void anUnfencedBrokerLetsALateNakFreeTheNextHolder() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestConsumer third = bench().consume("a").credit(1);
        TestSettle late = first.nak(first.last(), Duration.ZERO);
        bench().until("it is handed out a third time", () -> third.count() == 1);
        bench().until("it is done", late::isDone);
        assertCount(third.last(), 3);
        if (test().tellsOfOthers()) {
            bench().until("the holder is told", () -> !second.ends().isEmpty());
        } else {
            assertThat(second.ends()).as("nobody is told").isEmpty();
        }
    }

    @Test
    default void anUnfencedBrokerLetsALateTouchKeepTheNextHoldersLease() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        second.credit(5);
        long touched = 0;
        for (int i = 0; i < 4; i++) {
            bench().elapse(test().leaseTime().dividedBy(2));
            touched = bench().passedNanos();
            TestTouch late = first.touch(first.last());
            bench().until("it is confirmed", late::isConfirmed);
        }
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it runs out after the last touch", () -> second.count() > 1);

        assertNotBefore(second, 1, touched, test().leaseTime());
    }

    @Test
    default void anUnfencedBrokerDoesNotLetATouchRescueWhatRanOutButLetsAnAck() {
        TestConsumer consumer = bench().consume("a").credit(2);
        bench().publishAll("a", "touched", "acked");
        bench().until("both are delivered", () -> consumer.count() == 2);
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        TestTouch touch = consumer.touch(consumer.handout(0));
        TestSettle ack = consumer.ack(consumer.handout(1));
        bench().until("both are confirmed", () -> touch.isConfirmed() && ack.isDone());
        consumer.credit(5);
        bench().until("what was touched comes again", () -> consumer.count() == 3);
        bench().elapse(test().leaseTime().dividedBy(2));

        assertThat(consumer.texts()).containsExactly("touched", "acked", "touched");
    }

    @Test
    @When(Trait.DELAYS_NAKS)
    default void anUnfencedBrokerTakesWhatRanOutAsideForADelayedNak() {
        TestConsumer consumer = bench().holding("a");
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        Duration delay = test().leaseTime().dividedBy(2);
        long asked = bench().passedNanos();
        TestSettle nak = consumer.nak(consumer.last(), delay);
        bench().until("it is done", nak::isDone);
        consumer.credit(5);
        bench().elapse(delay.plus(test().tolerance()));
        bench().until("it comes again after the delay", () -> consumer.count() > 1);

        assertNotBefore(consumer, 1, asked, delay);
        assertCount(consumer.handout(1), 2);
    }

    @Test
    default void anUnfencedBrokerConfirmsWhatChangesNothing() {
        TestConsumer consumer = bench().holding("a").credit(5);
        TestSettle ack = consumer.ack(consumer.last());

        bench().until("it is acked", ack::isDone);
        TestSettle nak = consumer.nak(consumer.last(), Duration.ZERO);
        bench().until("the nak is done", nak::isDone);
        TestSettle terminate = consumer.settle(TestSettle.terminate(consumer.last()));
        TestTouch touch = consumer.touch(consumer.last());
        bench().until("all are confirmed", () -> terminate.isDone() && touch.isConfirmed());
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void anUnfencedBrokerCutsAtMostItsAllowanceOffALeaseWhenItIsRestarted() {
        TestConsumer consumer = bench().holding("a").credit(5);
        long published = bench().publishedNanos();
        Duration allowance = bench().capabilities().crashAllowance();

        test().restart(bench().broker());

        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() > 1);
        assertNotBefore(consumer, 1, published, test().leaseTime().minus(allowance));
    }
}
