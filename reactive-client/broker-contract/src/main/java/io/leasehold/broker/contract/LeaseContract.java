package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How leases end, are extended and are given back. */
interface LeaseContract extends ContractPart {
    private Duration almost(Duration time) {
        return time.minus(test().tolerance());
    }

    private Duration twiceTolerance() {
        return test().tolerance().multipliedBy(2);
    }

    @Test
    default void aMessageComesAgainWhenItsLeaseRunsOutAndNeverBefore() {
        TestConsumer consumer = bench().holding("a").credit(5);
        long published = bench().publishedNanos();
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() > 1);

        assertNotBefore(consumer, 1, published, test().leaseTime());
        assertCount(consumer.handout(1), 2);
        assertThat(consumer.handout(1).message()).isEqualTo(consumer.handout(0).message());
    }

    @Test
    default void whatRanOutWaitsForCredit() {
        TestConsumer consumer = bench().holding("a");
        bench().elapse(test().leaseTime().multipliedBy(3));
        assertThat(consumer.count()).isEqualTo(1);
        consumer.credit(1);
        bench().until("it comes again", () -> consumer.count() == 2);

        assertCount(consumer.last(), 2);
    }

    @Test
    default void whatRanOutGoesToWhoeverHasCredit() {
        TestConsumer first = bench().holding("a");
        TestConsumer second = bench().consume("a").credit(1);

        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("the other one gets it", () -> second.count() == 1);

        assertThat(second.last().ref()).isEqualTo(first.last().ref());
        assertThat(first.count()).isEqualTo(1);
    }

    @Test
    default void whatComesAgainComesBeforeWhatIsNew() {
        TestConsumer consumer = bench().holding("a");
        bench().publishAll("a", "new");
        bench().elapse(test().leaseTime().multipliedBy(2));
        consumer.credit(2);
        bench().until("both are delivered", () -> consumer.count() == 3);

        assertThat(consumer.texts()).containsExactly("held", "held", "new");
    }

    @Test
    default void anAckEndsAMessage() {
        TestConsumer consumer = bench().holding("a").credit(5);
        TestSettle ack = consumer.ack(consumer.last());

        bench().until("it is acked", ack::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    default void aTerminatedMessageDoesNotComeAgain() {
        TestConsumer consumer = bench().holding("a").credit(5);
        TestSettle terminate = consumer.settle(TestSettle.terminate(consumer.last()));

        bench().until("it is terminated", terminate::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    @When(Trait.ANSWERS_ALL)
    default void aSettlementIsAnsweredOnceAfterItWasWritten() {
        TestConsumer consumer = bench().holding("a");

        TestSettle ack = consumer.ack(consumer.last());

        bench().until("it is answered", () -> ack.signals().equals(List.of("written", "done")));
    }

    @Test
    @When(Trait.ANSWERS_ERRORS)
    default void aSettlementThatIsNotRefusedIsNotAnswered() {
        TestConsumer consumer = bench().holding("a").credit(5);

        TestSettle ack = consumer.ack(consumer.last());

        bench().until("it is written", () -> ack.signals().equals(List.of("written")));
        bench().elapse(test().leaseTime().multipliedBy(2));
        assertThat(ack.signals()).containsExactly("written");
        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    default void theSameAckAgainIsDoneAgain() {
        TestConsumer consumer = bench().holding("a");
        TestSettle first = consumer.ack(consumer.last());
        bench().until("it is acked", first::isDone);
        TestSettle second = consumer.ack(consumer.last());
        bench().until("it is done again", second::isDone);
    }

    @Test
    default void aBatchIsAnsweredItemByItem() {
        TestConsumer consumer = bench().consume("a").credit(3);
        bench().publishAll("a", "1", "2", "3");
        bench().until("all are delivered", () -> consumer.count() == 3);
        TestSettle one = TestSettle.ack(consumer.handout(0));
        TestSettle behindAGate = TestSettle.ack(consumer.handout(1)).closeGate();
        TestSettle three = TestSettle.ack(consumer.handout(2));
        consumer.settleAll(one, behindAGate, three);
        bench().until("two are done", () -> one.isDone() && three.isDone());
        bench().settleDown();

        assertThat(behindAGate.signals()).isEmpty();
    }

    @Test
    default void whatTheGateHoldsBackIsNotDone() {
        TestConsumer consumer = bench().holding("a").credit(5);
        TestSettle ack = consumer.settle(TestSettle.ack(consumer.last()).closeGate());

        consumer.touch(new TestTouch(consumer.last()).closeGate());
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() == 2);

        assertThat(ack.signals()).isEmpty();
    }

    @Test
    @When({Trait.RENEWABLE, Trait.HELD_WITHOUT_END})
    default void aTouchExtendsTheLeaseFromNow() {
        TestConsumer consumer = bench().holding("a").credit(5);
        long touched = 0;
        for (int i = 0; i < 5; i++) {
            bench().elapse(test().leaseTime().dividedBy(2));
            touched = bench().passedNanos();
            TestTouch touch = consumer.touch(consumer.last());
            bench().until("it is touched", touch::isConfirmed);
        }
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() > 1);

        assertNotBefore(consumer, 1, touched, test().leaseTime());
    }

    @Test
    @When({Trait.RENEWABLE, Trait.HELD_UP_TO_A_LIMIT})
    default void touchesExtendALeaseUpToItsLimitAndNoFurther() {
        TestConsumer consumer = bench().holding("a").credit(5);
        Duration limit = bench().capabilities().holdMax();
        Duration step = test().leaseTime().dividedBy(2);
        Duration held = Duration.ZERO;
        for (; held.plus(step).compareTo(almost(limit)) < 0; held = held.plus(step)) {
            bench().elapse(step);
            TestTouch touch = consumer.touch(consumer.last());
            bench().until("it is touched", touch::isConfirmed);
        }

        bench().elapse(almost(limit).minus(held));
        assertThat(consumer.count()).isEqualTo(1);

        bench().elapse(twiceTolerance());
        bench().until("it comes again", () -> consumer.count() == 2);
    }

    @Test
    @When(Trait.FIXED)
    default void aTouchExtendsNothingWhereLeasesAreFixed() {
        TestConsumer consumer = bench().holding("a").credit(5);
        bench().elapse(test().leaseTime().dividedBy(2));

        TestTouch touch = consumer.touch(consumer.last());

        bench().until("it is answered", touch::isConfirmed);
        bench().elapse(test().leaseTime().dividedBy(2).plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() == 2);
    }

    @Test
    @When(Trait.BOUNDED_LEASE_TIME)
    default void aLeaseTimeOutOfBoundsIsRefused() {
        Capabilities can = bench().capabilities();

        refusesLeaseTime("longer", can.leaseTimeMax().plusNanos(1));

        if (can.leaseTimeMin().compareTo(Duration.ofNanos(1)) > 0) {
            refusesLeaseTime("shorter", can.leaseTimeMin().minusNanos(1));
        }
    }

    private void refusesLeaseTime(String name, Duration time) {
        GroupSpec spec = bench().spec(name);
        GroupSpec other = new GroupSpec(spec.name(), spec.filter(), time, spec.start());
        bench().refuses(other, ErrorCode.BAD_SETTING);
    }

    @Test
    @When(Trait.ANY_LEASE_TIME)
    default void aLeaseMayLastADay() {
        GroupSpec spec = bench().spec("a");
        Duration day = Duration.ofDays(1);
        TestConsumer consumer = bench().consume(
                        bench().session(), new GroupSpec(spec.name(), spec.filter(), day, spec.start()))
                .credit(1);

        bench().publishAll("a", "1");

        bench().until("it is delivered", () -> consumer.count() == 1);
        assertThat(consumer.last().leaseTime().nanos()).isEqualTo(day.toNanos());
        TestSettle ack = consumer.ack(consumer.last());
        bench().until("it is acked", ack::isDone);
    }

    @Test
    @When(Trait.RENEWABLE)
    default void aTouchOfOneLeavesTheOthersAlone() {
        TestConsumer consumer = bench().consume("a").credit(2);
        bench().publishAll("a", "1", "2");
        bench().until("both are delivered", () -> consumer.count() == 2);
        bench().elapse(test().leaseTime().dividedBy(2));
        TestTouch touch = consumer.touch(consumer.handout(0));
        bench().until("it is touched", touch::isConfirmed);
        consumer.credit(5);
        bench().elapse(test().leaseTime().dividedBy(2).plus(test().tolerance()));
        bench().until("the other one comes again", () -> consumer.count() == 3);

        assertThat(consumer.texts()).containsExactly("1", "2", "2");
    }

    @Test
    default void aNakBringsTheMessageBackAtOnce() {
        TestConsumer consumer = bench().holding("a").credit(1);
        TestSettle nak = consumer.nak(consumer.last(), Duration.ZERO);

        bench().until("it is done", nak::isDone);
        bench().until("it comes again", () -> consumer.count() == 2);

        assertCount(consumer.last(), 2);
    }

    @Test
    @When(Trait.ANY_DELIVERIES)
    default void aMessageComesAgainAsOftenAsItTakes() {
        TestConsumer consumer = bench().holding("a").credit(50);

        nakTimes(consumer, 20);

        assertThat(consumer.last().deliveryCount()).isEqualTo(21);
    }

    @Test
    @When(Trait.DROPS_AND_TELLS)
    default void aMessageThatCameAsOftenAsItMayIsDroppedAndTold() {
        TestConsumer consumer = bench().holding("a").credit(50);
        int most = bench().capabilities().deliveriesMax();
        nakTimes(consumer, most - 1);

        TestSettle last = consumer.nak(consumer.last(), Duration.ZERO);

        bench().until("it is told", () -> last.isDone() && consumer.givenUp().size() == 1);
        bench().elapse(test().leaseTime().multipliedBy(2));
        assertThat(consumer.count()).isEqualTo(most);
    }

    @Test
    @When(Trait.DROPS_SILENTLY)
    default void aMessageThatCameAsOftenAsItMayIsDroppedAndNobodyIsTold() {
        TestConsumer consumer = bench().holding("a").credit(50);
        int most = bench().capabilities().deliveriesMax();
        nakTimes(consumer, most - 1);

        TestSettle last = consumer.nak(consumer.last(), Duration.ZERO);

        bench().until("it is done", last::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));
        assertThat(consumer.count()).isEqualTo(most);
        assertThat(consumer.givenUp()).isEmpty();
    }

    private void nakTimes(TestConsumer consumer, int times) {
        for (int i = 0; i < times; i++) {
            int before = consumer.count();
            consumer.nak(consumer.last(), Duration.ZERO);
            bench().until("it comes again", () -> consumer.count() == before + 1);
        }
    }

    @Test
    @When(Trait.DELAYS_NAKS)
    default void aNakWithADelayBringsTheMessageBackAfterItAndNeverBefore() {
        TestConsumer consumer = bench().holding("a").credit(1);
        comesAgainAfter(consumer, test().leaseTime().dividedBy(3));
    }

    @Test
    @When(Trait.NO_NAK_DELAY)
    default void aNakWithADelayBringsTheMessageBackAtOnceWhereTheBrokerCannotDelay() {
        TestConsumer consumer = bench().holding("a").credit(1);

        TestSettle nak = consumer.nak(consumer.last(), test().leaseTime().dividedBy(3));

        bench().until("it is done", nak::isDone);
        bench().until("it comes again", () -> consumer.count() == 2);
    }

    @Test
    @When(Trait.DELAYS_NAKS)
    default void aDelayMayBeLongerThanTheLease() {
        TestConsumer consumer = bench().holding("a").credit(1);
        comesAgainAfter(consumer, test().leaseTime().multipliedBy(2));
    }

    private void comesAgainAfter(TestConsumer consumer, Duration delay) {
        long asked = bench().passedNanos();
        TestSettle nak = consumer.nak(consumer.last(), delay);
        bench().until("it is done", nak::isDone);
        bench().elapse(delay.plus(test().tolerance()));
        bench().until("it comes again", () -> consumer.count() > 1);
        assertNotBefore(consumer, 1, asked, delay);
    }

    @Test
    default void aReleaseCountsAsADeliveryAndIsToldApartIfTheBrokerKnows() {
        TestConsumer consumer = bench().holding("a").credit(5);
        TestSettle release = consumer.settle(TestSettle.release(consumer.last()));

        bench().until("it comes again", () -> release.isDone() && consumer.count() == 2);
        consumer.nak(consumer.last(), Duration.ZERO);
        bench().until("it comes again", () -> consumer.count() == 3);
        int known = test().tellsReleases() ? 1 : 0;

        assertThat(consumer.handouts()).extracting(Handout::releases).containsExactly(0, known, known);
        assertCount(consumer.last(), 3);
    }

    /**
     * Where real time passes, an ack may reach the broker after the expiry: what was handed out by then came before the
     * answer. How often the others come is not asked: servers of NATS before 2.10.14 hand the latest message out twice
     * when a redelivery meets a pull that has just run out, and that redelivery a lease later.
     */
    @Test
    default void ackedStaysAckedWhenTheExpiryRacesWithIt() {
        TestConsumer consumer = bench().consume("a").credit(40);
        bench().publishAll("a", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        bench().until("all are delivered", () -> consumer.count() == 10);
        List<Handout> held = List.copyOf(consumer.handouts());
        Map<String, Integer> cameBefore = new HashMap<>();
        bench().elapse(almost(test().leaseTime()));
        for (int i = 0; i < 10; i += 2) {
            if (i % 4 == 0) {
                consumer.touch(held.get(i));
            }
            TestSettle ack = consumer.ack(held.get(i));
            bench().until("it is acked", ack::isDone);
            cameBefore.put(held.get(i).message().text(), consumer.count());
        }

        bench().elapse(twiceTolerance());
        List<String> others = List.of("1", "3", "5", "7", "9");
        bench().until(
                        "the others come again",
                        () -> consumer.texts().subList(10, consumer.count()).containsAll(others));
        // By then one that was touched would have come, too.
        bench().elapse(test().leaseTime());

        cameBefore.forEach((acked, before) ->
                assertThat(consumer.texts().subList(before, consumer.count())).doesNotContain(acked));
    }

    @Test
    default void leasesRunOutEachInItsTime() {
        TestConsumer consumer = bench().consume("a").credit(3);
        List<Long> published = new ArrayList<>();
        for (String body : List.of("1", "2", "3")) {
            bench().publishAll("a", body);
            published.add(bench().publishedNanos());
            bench().elapse(test().leaseTime().dividedBy(6));
        }
        TestConsumer other = bench().consume("a").credit(10);
        bench().elapse(test().leaseTime().dividedBy(2).plus(test().tolerance()));
        bench().until("the first ran out", () -> other.count() > 0);
        bench().elapse(test().leaseTime().dividedBy(6));
        bench().until("the second ran out", () -> other.count() > 1);
        bench().elapse(test().leaseTime().dividedBy(6));
        bench().until("the third ran out", () -> other.count() > 2);

        assertThat(other.texts().subList(0, 3)).containsExactly("1", "2", "3");
        for (int i = 0; i < 3; i++) {
            assertNotBefore(other, i, published.get(i), test().leaseTime());
        }
        assertThat(consumer.count()).isEqualTo(3);
    }
}
