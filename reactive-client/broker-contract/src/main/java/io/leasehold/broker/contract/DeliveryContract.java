package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Handout;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How messages get to the members of groups. */
interface DeliveryContract extends ContractPart {
    @Test
    default void nothingIsDeliveredWithoutCredit() {
        TestConsumer consumer = bench().consume("a");
        bench().publishAll("a", "1");
        bench().settleDown();
        assertThat(consumer.count()).isZero();
        consumer.credit(1);
        bench().until("it is delivered", () -> consumer.count() == 1);
    }

    @Test
    default void creditIsKeptTo() {
        TestConsumer consumer = bench().consume("a").credit(2);
        bench().publishAll("a", "1", "2", "3", "4");
        bench().until("two are delivered", () -> consumer.count() == 2);
        consumer.port().credit(2);
        bench().settleDown();
        assertThat(consumer.count()).as("the same total again gives nothing").isEqualTo(2);
        consumer.credit(1);
        bench().until("one more is delivered", () -> consumer.count() == 3);
        bench().settleDown();

        assertThat(consumer.texts()).containsExactly("1", "2", "3");
    }

    @Test
    default void settlingGivesNoCredit() {
        TestConsumer consumer = bench().holding("a");
        bench().publishAll("a", "next");
        TestSettle ack = consumer.ack(consumer.last());
        bench().until("it is acked", ack::isDone);
        bench().settleDown();

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    default void creditThatIsWithdrawnIsNotUsed() {
        TestConsumer consumer = bench().consume("a").credit(5);
        bench().publishAll("a", "1", "2");
        bench().until("two are delivered", () -> consumer.count() == 2);
        consumer.credit(-3);
        bench().settleDown();
        bench().publishAll("a", "3");
        bench().settleDown();
        assertThat(consumer.count()).isEqualTo(2);
        consumer.credit(1);
        bench().until("it is delivered", () -> consumer.count() == 3);
    }

    @Test
    default void oneMemberOfAGroupGetsEachMessageInOrder() {
        TestConsumer one = bench().consume("a").credit(10);
        TestConsumer two = bench().consume("a").credit(10);

        bench().publishAll("a", "1", "2", "3", "4", "5", "6");
        bench().until("all are delivered", () -> one.count() + two.count() == 6);
        bench().settleDown();

        assertThat(one.texts()).doesNotContainAnyElementsOf(two.texts()).isSorted();
        assertThat(two.texts()).isSorted();
        assertThat(one.count() + two.count()).isEqualTo(6);
    }

    @Test
    default void aMemberWithoutCreditLeavesItsTurnToOthers() {
        TestConsumer idle = bench().consume("a").credit(1);
        TestConsumer busy = bench().consume("a").credit(9);

        bench().publishAll("a", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        bench().until("all are delivered", () -> idle.count() + busy.count() == 10);

        assertThat(idle.count()).isEqualTo(1);
    }

    @Test
    default void eachGroupGetsEachMessage() {
        StartPosition start = bench().spec("any").start();
        BrokerBench bench = bench();
        TestConsumer one =
                bench.consume(bench.session(), bench.spec("one", "a", start)).credit(10);
        TestConsumer two =
                bench.consume(bench.session(), bench.spec("two", "a", start)).credit(10);
        bench.publishAll("a", "1", "2");
        bench.until("both have all", () -> one.count() == 2 && two.count() == 2);
        TestSettle ack = one.ack(one.last());
        bench.until("it is acked", ack::isDone);
        TestSettle other = two.ack(two.last());
        bench.until("and by the other group, too", other::isDone);
    }

    @Test
    @When({Trait.WILDCARDS, Trait.BEGINS_AT_THE_LATEST})
    default void aGroupGetsWhatItsFilterMatches() {
        BrokerBench bench = bench();
        TestConsumer deep = bench.consume(bench.session(), bench.spec("deep", "q.>", StartPosition.LATEST))
                .credit(10);
        TestConsumer flat = bench.consume(bench.session(), bench.spec("flat", "q.*", StartPosition.LATEST))
                .credit(10);
        bench.publishAll("q.nc", "1");
        bench.publishAll("q.nc.deep", "2");
        bench.until("both have theirs", () -> deep.count() == 2 && flat.count() == 1);
        bench.settleDown();
        assertThat(flat.texts()).containsExactly("1");
        if (test().refusesWhatNoFilterTakes()) {
            TestPublish shallow = bench.publish("q", "3");
            bench.until("it is refused", () -> shallow.failure() == ErrorCode.NO_GROUP);
        }
    }

    @Test
    @When(Trait.EXACT_FILTERS)
    default void aFilterWithAWildcardIsRefused() {
        StartPosition start = bench().spec("any").start();

        bench().refuses(bench().spec("deep", "q.>", start), ErrorCode.UNSUPPORTED);
        bench().refuses(bench().spec("flat", "q.*", start), ErrorCode.UNSUPPORTED);
    }

    @Test
    default void aGroupOfThatNameWithAnotherFilterIsAMismatch() {
        BrokerBench bench = bench();
        StartPosition start = bench.spec("any").start();
        TestConsumer first =
                bench.consume(bench.session(), bench.spec("g", "a", start)).credit(1);
        TestConsumer other =
                bench.consume(bench.session(), bench.spec("g", "b", start)).credit(1);
        bench.until("it is told", () -> other.gone().equals(java.util.List.of(ErrorCode.GROUP_MISMATCH)));
        bench.publishAll("a", "1");
        bench.until("the first one goes on", () -> first.count() == 1);
    }

    @Test
    default void aDeliveryTellsItsLease() {
        long before = bench().nanos();
        TestConsumer consumer = bench().holding("a");
        Handout handout = consumer.last();

        assertThat(handout.leaseTime()).isEqualTo(bench().leaseTime());
        assertThat(handout.anchorNanos() - before).isNotNegative();
        assertThat(bench().nanos() - handout.anchorNanos()).isNotNegative();
        assertThat(handout.deliveryCount()).isEqualTo(1);
        assertThat(handout.releases()).isZero();
    }

    @Test
    default void theAnchorOfADeliveryIsNeverAfterIt() {
        TestConsumer consumer = bench().consume("a").credit(1);
        bench().elapse(Duration.ofMillis(700));
        bench().publishAll("a", "1");
        bench().until("it is delivered", () -> consumer.count() == 1);

        assertThat(bench().nanos() - consumer.last().anchorNanos()).isNotNegative();
    }

    @Test
    default void messagesHaveTheirOwnRefsAndDeliveriesTheirOwnReceipts() {
        TestConsumer consumer = bench().consume("a").credit(10);
        bench().publishAll("a", "1", "2");
        bench().until("both are delivered", () -> consumer.count() == 2);
        consumer.nak(consumer.handout(0), Duration.ZERO);
        bench().until("one comes again", () -> consumer.count() == 3);
        Set<Object> refs = consumer.handouts().stream().map(Handout::ref).collect(Collectors.toSet());

        assertThat(refs).hasSize(2);
        assertThat(consumer.handout(2).ref()).isEqualTo(consumer.handout(0).ref());
        assertThat(consumer.handout(2).receipt())
                .isNotEqualTo(consumer.handout(0).receipt());
    }

    @Test
    @When(Trait.NO_TOKENS)
    default void deliveriesHaveNoTokens() {
        TestConsumer consumer = bench().holding("a");

        assertThat(consumer.last().token()).isNull();
    }

    @Test
    @When(Trait.TOKENS)
    default void tokensGrowWithEveryDeliveryOfAMessage() {
        TestConsumer consumer = bench().holding("a").credit(20);
        for (int n = 1; n <= 5; n++) {
            int expected = n + 1;
            consumer.nak(consumer.last(), Duration.ZERO);
            bench().until("it comes again", () -> consumer.count() == expected);
            Handout newer = consumer.last();
            Handout older = consumer.handout(n - 1);
            assertCount(newer, n + 1);
            assertThat(Objects.requireNonNull(newer.token()).isNewerThan(Objects.requireNonNull(older.token())))
                    .isTrue();
        }
    }

    @Test
    default void aPortThatWasStoppedTakesNoMoreButStillSettles() {
        TestConsumer stopped = bench().consume("a").credit(2);
        bench().publishAll("a", "1");
        bench().until("it is delivered", () -> stopped.count() == 1);
        stopped.port().stop();
        stopped.port().stop();
        stopped.credit(5);
        bench().settleDown();
        TestConsumer other = bench().consume("a").credit(5);
        bench().publishAll("a", "2", "3");
        bench().until("the other one gets them", () -> other.count() == 2);
        TestTouch touch = stopped.touch(stopped.last());
        bench().until("it is touched", touch::isConfirmed);
        TestSettle ack = stopped.ack(stopped.last());
        bench().until("it is acked", ack::isDone);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(stopped.count()).isEqualTo(1);
        assertThat(other.texts()).doesNotContain("1");
    }
}
