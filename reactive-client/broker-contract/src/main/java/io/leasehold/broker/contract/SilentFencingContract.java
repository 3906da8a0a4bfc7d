package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.LeaseLoss;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a broker ignores without saying so, and whom it tells. */
@When(Trait.SILENTLY_FENCED)
interface SilentFencingContract extends ContractPart {
    private TestConsumer ranOut(TestConsumer second) {
        TestConsumer first = bench().holding("a");
        second.credit(1);
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("the second one gets it", () -> second.count() == 1);
        return first;
    }

    @Test
    default void aSilentBrokerIgnoresTheAckOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        second.credit(1);

        TestSettle stale = first.ack(first.last());
        bench().until("it is answered", stale::isDone);
        TestSettle holders = second.nak(second.last(), Duration.ZERO);

        bench().until("the holder's is done", () -> holders.isDone() && second.count() == 2);
    }

    @Test
    default void aSilentBrokerIgnoresTheNakOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestConsumer third = bench().consume("a").credit(1);

        TestSettle stale = first.nak(first.last(), Duration.ZERO);

        bench().until("it is answered", stale::isDone);
        bench().settleDown();
        assertThat(third.count()).isZero();
    }

    @Test
    default void aSilentBrokerIgnoresTheTouchOfASupersededDelivery() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);
        TestConsumer third = bench().consume("a").credit(1);
        bench().elapse(test().leaseTime().dividedBy(2));

        TestTouch stale = first.touch(first.last());

        bench().until("it is answered", stale::isConfirmed);
        bench().elapse(test().leaseTime().dividedBy(2).plus(test().tolerance()));
        bench().until("the holder's lease was not extended", () -> third.count() == 1);
    }

    @Test
    default void aSilentBrokerTellsTheHolderThatItsLeaseRanOut() {
        TestConsumer second = bench().consume("a");
        TestConsumer first = ranOut(second);

        bench().until("it is told", () -> first.ends().size() == 1);
        assertThat(first.ends().get(0).loss()).isEqualTo(LeaseLoss.EXPIRED);
        assertThat(second.ends()).isEmpty();
    }
}
