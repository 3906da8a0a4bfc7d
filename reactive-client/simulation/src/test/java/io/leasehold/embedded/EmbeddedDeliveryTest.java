package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.broker.contract.TestSettle;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the embedded broker's own settings and its administration do to deliveries. */
final class EmbeddedDeliveryTest {
    private EmbeddedBench embedded;
    private BrokerBench bench;

    private void start(EmbeddedSettings.Builder settings) {
        embedded = new EmbeddedBench(settings);
        bench = embedded.bench();
    }

    private void elapse(long millis) {
        embedded.clock().elapse(Duration.ofMillis(millis));
    }

    @AfterEach
    void tearDown() {
        embedded.close();
    }

    @Test
    void eachDeliveryHasTheLeaseTimeOfItsPlaceInTheBackoffList() {
        List<Duration> backoff = List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
        start(EmbeddedSettings.builder().leaseBackoff(backoff));
        TestConsumer consumer = bench.holding("a").credit(10);
        for (long millis : List.of(500L, 1000L, 2000L, 2000L)) {
            int before = consumer.count();
            assertThat(consumer.last().leaseTime()).isEqualTo(LeaseTime.renewable(Duration.ofMillis(millis)));
            elapse(millis - 1);
            assertThat(consumer.count()).isEqualTo(before);
            elapse(1);
            assertThat(consumer.count()).isEqualTo(before + 1);
        }
    }

    @Test
    void aTouchExtendsByTheLeaseTimeOfItsDelivery() {
        start(EmbeddedSettings.builder().leaseBackoff(List.of(Duration.ofSeconds(1), Duration.ofSeconds(4))));
        TestConsumer consumer = bench.holding("a").credit(10);
        elapse(1000);
        elapse(3000);
        consumer.touch(consumer.last());
        elapse(3999);

        assertThat(consumer.count()).isEqualTo(2);

        elapse(1);
        assertThat(consumer.count()).isEqualTo(3);
    }

    @Test
    void eachMemberHasItsOwnLeaseTime() {
        start(EmbeddedSettings.builder());
        GroupSpec shorter = new GroupSpec(
                bench.group("a"), TopicFilter.of(bench.topic("a")), Duration.ofSeconds(5), StartPosition.LATEST);
        TestConsumer first = bench.consume("a").credit(1);
        TestConsumer second = bench.consume(bench.session(), shorter).credit(5);
        bench.publishAll("a", "1", "2");

        assertThat(first.last().leaseTime().nanos())
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(second.last().leaseTime().nanos())
                .isEqualTo(Duration.ofSeconds(5).toNanos());

        elapse(5000);
        assertThat(second.texts()).containsExactly("2", "2");
    }

    @Test
    void membersTakeTurns() {
        start(EmbeddedSettings.builder());
        TestConsumer one = bench.consume("a").credit(10);
        TestConsumer two = bench.consume("a").credit(10);
        TestConsumer three = bench.consume("a").credit(1);
        bench.publishAll("a", "1", "2", "3", "4", "5");

        assertThat(one.texts()).containsExactly("1", "4");
        assertThat(two.texts()).containsExactly("2", "5");
        assertThat(three.texts()).containsExactly("3");
    }

    @Test
    void aMessageThatCameAsOftenAsItMayIsGivenUpAndSaidSo() {
        start(EmbeddedSettings.builder().maxDeliveries(3));
        TestConsumer consumer = bench.holding("a").credit(10);
        consumer.settle(TestSettle.release(consumer.last()));
        consumer.nak(consumer.last(), Duration.ZERO);
        consumer.nak(consumer.last(), Duration.ofSeconds(1));
        elapse(1000);

        assertThat(consumer.count()).as("the release does not count").isEqualTo(4);

        elapse(30_000);
        assertThat(consumer.count()).isEqualTo(4);
        assertThat(embedded.group("a").givenUp()).isEqualTo(1);
        assertThat(embedded.broker().stats().messages()).isZero();
        assertThat(consumer.givenUp()).extracting(Message::text).containsExactly("held");
        assertThat(consumer.ack(consumer.last()).refusal()).isEqualTo(LeaseLoss.EXPIRED);
    }

    @Test
    void aNakOfTheLastDeliveryGivesUpToo() {
        start(EmbeddedSettings.builder().maxDeliveries(1));
        TestConsumer consumer = bench.holding("a").credit(10);
        assertThat(consumer.nak(consumer.last(), Duration.ofSeconds(5)).isDone())
                .isTrue();
        assertThat(embedded.group("a").givenUp()).isEqualTo(1);

        elapse(60_000);
        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    void aDeletedMessageEndsItsLease() {
        start(EmbeddedSettings.builder());
        TestConsumer consumer = bench.holding("a").credit(10);
        Handout held = consumer.last();
        embedded.broker().deleteMessage(bench.group("a"), held.ref());

        assertThat(consumer.ends()).singleElement().satisfies(ended -> {
            assertThat(ended.ref()).isEqualTo(held.ref());
            assertThat(ended.loss()).isEqualTo(LeaseLoss.MESSAGE_DELETED);
        });
        assertThat(consumer.ack(held).refusal()).isEqualTo(LeaseLoss.MESSAGE_DELETED);

        elapse(60_000);
        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    void aMessageCanBeDeletedWhereverItWaits() {
        start(EmbeddedSettings.builder());
        TestConsumer consumer = bench.consume("a").credit(3);
        bench.publishAll("a", "delayed", "queued", "held");
        consumer.nak(consumer.handout(0), Duration.ofSeconds(1));
        consumer.nak(consumer.handout(1), Duration.ZERO);
        bench.publishAll("a", "new", "next");
        long next = bench.publish("a", "last").sequence();
        for (Object ref : List.of(consumer.handout(0).ref(), consumer.handout(1).ref(), next - 2)) {
            embedded.broker().deleteMessage(bench.group("a"), ref);
        }
        embedded.broker().deleteMessage(bench.group("a"), 4711L);
        embedded.broker().deleteMessage(bench.group("a"), "no ref of ours");
        embedded.broker().deleteMessage("no group", next);
        elapse(2000);
        consumer.credit(10);

        assertThat(consumer.texts()).containsExactly("delayed", "queued", "held", "next", "last");
    }

    @Test
    void theNumbersOfAGroupFollowItsMessages() {
        start(EmbeddedSettings.builder());
        TestConsumer consumer = bench.consume("a").credit(3);
        bench.publishAll("a", "1", "2", "3", "4");
        consumer.nak(consumer.handout(0), Duration.ofSeconds(1));

        assertThat(embedded.group("a")).isEqualTo(new EmbeddedStats.Group(bench.group("a"), 1, 2, 1, 0, 1));

        consumer.ack(consumer.handout(1));
        elapse(1000);
        assertThat(embedded.group("a")).isEqualTo(new EmbeddedStats.Group(bench.group("a"), 2, 1, 0, 0, 1));

        consumer.port().stop();
        elapse(30_000);
        assertThat(embedded.group("a")).isEqualTo(new EmbeddedStats.Group(bench.group("a"), 3, 0, 0, 0, 0));
    }

    @Test
    void aNatsLikeRestartCutsTheFractionOfTheSecondOfTheGrant() {
        start(EmbeddedSettings.builder().mode(EmbeddedMode.NATS_LIKE));
        TestConsumer consumer = bench.holding("a").credit(10);
        embedded.broker().restart();
        // Granted at .678 of a second.
        elapse(30_000 - 678 - 1);

        assertThat(consumer.count()).isEqualTo(1);

        elapse(1);
        assertThat(consumer.count()).isEqualTo(2);
    }

    @Test
    void aNatsLikeRestartCutsWhatTheLastTouchGave() {
        start(EmbeddedSettings.builder().mode(EmbeddedMode.NATS_LIKE));
        TestConsumer consumer = bench.holding("a").credit(10);
        elapse(10_222);
        consumer.touch(consumer.last());
        embedded.broker().restart();
        // Touched at .9 of a second.
        elapse(30_000 - 900 - 1);

        assertThat(consumer.count()).isEqualTo(1);

        elapse(1);
        assertThat(consumer.count()).isEqualTo(2);
    }

    @Test
    void aNatsLikeRestartCutsNakDelaysToo() {
        start(EmbeddedSettings.builder().mode(EmbeddedMode.NATS_LIKE));
        TestConsumer consumer = bench.holding("a").credit(10);
        consumer.nak(consumer.last(), Duration.ofMillis(600));
        embedded.broker().restart();
        // Given back at .678, to be over at .278 of the next second.
        elapse(321);

        assertThat(consumer.count()).isEqualTo(1);

        elapse(1);
        assertThat(consumer.count()).isEqualTo(2);
    }

    @Test
    void aMessageIsDeliveredUnderTheIdItWentOutWith() {
        start(EmbeddedSettings.builder());
        TestConsumer consumer = bench.consume("a").credit(2);
        Message message = Message.to(bench.topic("a")).body("1");
        bench.publish(new TestPublish(message, MessageId.of("made-up")));
        bench.publish(new TestPublish(message.id("own"), MessageId.of("derived")));

        assertThat(consumer.handouts())
                .extracting(handout -> handout.message().id().orElseThrow().value())
                .containsExactly("made-up", "derived");
    }

    @Test
    void aGroupNeedsANameAndALeaseTimeWithinBounds() {
        start(EmbeddedSettings.builder());
        TopicFilter filter = TopicFilter.of("a");
        for (GroupSpec spec : List.of(
                new GroupSpec(" ", filter, Duration.ofSeconds(1), StartPosition.LATEST),
                new GroupSpec("g", filter, Duration.ZERO, StartPosition.LATEST),
                new GroupSpec("g", filter, Duration.ofDays(101), StartPosition.LATEST))) {
            assertThatThrownBy(() -> bench.consume(bench.session(), spec))
                    .isInstanceOfSatisfying(
                            MessagingException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING));
        }
    }
}
