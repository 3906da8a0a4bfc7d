package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.broker.contract.TestSettle;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that is full lets publishes wait, and says so when too many do. */
final class EmbeddedCapacityTest {
    private EmbeddedBench embedded;
    private BrokerBench bench;

    @BeforeEach
    void setUp() {
        embedded = new EmbeddedBench(EmbeddedSettings.builder()
                .capacityMessages(3)
                .capacityBytes(100)
                .waitingPublishes(2));
        bench = embedded.bench();
    }

    @AfterEach
    void tearDown() {
        embedded.close();
    }

    @Test
    void aPublishBeyondTheCapacityWaitsUntilThereIsRoom() {
        TestConsumer consumer = bench.consume("a").credit(1);
        bench.publishAll("a", "1", "2", "3");
        TestPublish waits = bench.publish("a", "4");

        assertThat(waits.signals()).isEmpty();
        assertThat(waits.asked()).as("the gate is asked when it is stored").isZero();
        assertThat(embedded.broker().stats().waitingPublishes()).isEqualTo(1);

        consumer.ack(consumer.last());
        assertThat(waits.isConfirmed()).isTrue();
        assertThat(embedded.broker().stats().messages()).isEqualTo(3);
    }

    @Test
    void thoseThatWaitAreStoredInTheirOrder() {
        TestConsumer consumer = bench.consume("a").credit(10);
        bench.publishAll("a", "1", "2", "3");
        bench.publish("a", "4");
        bench.publish("a", "5");
        consumer.ack(consumer.handout(0));
        consumer.ack(consumer.handout(1));

        assertThat(consumer.texts()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void tooManyThatWaitAreRefusedAtOnce() {
        bench.consume("a");
        bench.publishAll("a", "1", "2", "3");
        bench.publish("a", "4");
        bench.publish("a", "5");

        assertThat(bench.publish("a", "6").failure()).isEqualTo(ErrorCode.BROKER_FULL);
        assertThat(bench.publish(new TestPublish(bench.message("a", "7")).takeBack())
                        .signals())
                .isEmpty();
    }

    @Test
    void whatWasTakenBackWhileItWaitedIsDropped() {
        TestConsumer consumer = bench.consume("a").credit(10);
        bench.publishAll("a", "1", "2", "3");
        TestPublish takenBack = bench.publish("a", "4");
        TestPublish behind = bench.publish("a", "5");
        takenBack.takeBack();
        consumer.ack(consumer.last());

        assertThat(takenBack.signals()).isEmpty();
        assertThat(behind.isConfirmed()).isTrue();
        assertThat(consumer.texts()).containsExactly("1", "2", "3", "5");
    }

    @Test
    void whatWasTakenBackLeavesItsPlaceToAnother() {
        bench.consume("a");
        bench.publishAll("a", "1", "2", "3");
        TestPublish takenBack = bench.publish("a", "4");
        bench.publish("a", "5");
        takenBack.takeBack();

        assertThat(bench.publish("a", "6").signals()).isEmpty();
        assertThat(embedded.broker().stats().waitingPublishes()).isEqualTo(2);
    }

    @Test
    void bytesAreBoundedToo() {
        TestConsumer consumer = bench.consume("a").credit(10);
        bench.publish(bench.message("a", "").body(new byte[60]));
        TestPublish large = bench.publish(bench.message("a", "").body(new byte[41]));
        TestPublish small = bench.publish("a", "behind the large one");

        assertThat(large.signals()).isEmpty();
        assertThat(small.signals()).isEmpty();

        consumer.ack(consumer.last());
        assertThat(large.isConfirmed()).isTrue();
        assertThat(small.isConfirmed()).isTrue();
    }

    @Test
    void whatCouldNeverFitIsRefused() {
        bench.consume("a");
        assertThat(bench.publish(bench.message("a", "").body(new byte[101])).failure())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void whatNeedsNoRoomDoesNotWait() {
        bench.consume("a");
        bench.declare("dead");
        Message known = bench.message("a", "1");
        bench.publish(known);
        bench.publishAll("a", "2", "3");
        bench.publish("a", "4");
        bench.publish("a", "5");

        assertThat(bench.publish("dead", "a dead letter").isConfirmed()).isTrue();
        assertThat(bench.publish(known).isDuplicate()).isTrue();
        assertThat(bench.publish("nobody", "refused").failure()).isEqualTo(ErrorCode.NO_GROUP);
        assertThat(bench.publish(bench.message("a", "").body(new byte[101])).failure())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void aRepetitionOfAPublishThatWaitsIsADuplicateOfIt() {
        TestConsumer consumer = bench.consume("a").credit(10);
        bench.publishAll("a", "1", "2", "3");
        Message message = bench.message("a", "4");
        TestPublish first = bench.publish(message);
        TestPublish again = bench.publish(message);
        consumer.ack(consumer.last());

        assertThat(first.isConfirmed() && !first.isDuplicate()).isTrue();
        assertThat(again.isDuplicate()).isTrue();
        assertThat(consumer.count()).isEqualTo(4);
    }

    @Test
    void aMessageInTwoGroupsTakesRoomOnceUntilBothAreDone() {
        TestConsumer one = bench.consume(bench.session(), bench.spec("one", "a", StartPosition.LATEST))
                .credit(10);
        TestConsumer two = bench.consume(bench.session(), bench.spec("two", "a", StartPosition.LATEST))
                .credit(10);
        bench.publishAll("a", "1", "2", "3");

        assertThat(embedded.broker().stats().messages()).isEqualTo(3);

        one.ack(one.last());
        assertThat(embedded.broker().stats().messages()).isEqualTo(3);

        two.ack(two.last());
        assertThat(embedded.broker().stats().messages()).isEqualTo(2);
    }

    @Test
    void terminatingDeletingAndTheEndOfAGroupMakeRoom() {
        TestConsumer consumer = bench.consume("a").credit(2);
        bench.publishAll("a", "1", "2", "3");
        TestPublish fourth = bench.publish("a", "4");
        consumer.settle(TestSettle.terminate(consumer.handout(0)));

        assertThat(fourth.isConfirmed()).isTrue();

        TestPublish fifth = bench.publish("a", "5");
        embedded.broker().deleteMessage(bench.group("a"), consumer.handout(1).ref());
        assertThat(fifth.isConfirmed()).isTrue();

        TestPublish sixth = bench.publish("a", "6");
        embedded.broker().deleteGroup(bench.group("a"));
        assertThat(sixth.failure()).as("nobody would keep it now").isEqualTo(ErrorCode.NO_GROUP);
    }

    @Test
    void aNakMakesNoRoom() {
        TestConsumer consumer = bench.consume("a").credit(1);
        bench.publishAll("a", "1", "2", "3");
        TestPublish waits = bench.publish("a", "4");
        consumer.nak(consumer.last(), Duration.ZERO);
        embedded.clock().elapse(Duration.ofMillis(1_900));

        assertThat(waits.signals()).isEmpty();
    }

    private static void isFullBecauseOf(TestPublish refused, String group) {
        assertThat(refused.failure()).isEqualTo(ErrorCode.BROKER_FULL);
        assertThat(refused.error().what()).contains("group " + group + " ");
        assertThat(refused.error().remedy()).contains("EmbeddedBroker.deleteGroup(\"" + group + "\")");
    }

    @Test
    void aGroupThatNobodyConsumesRefusesAtOnceByNameAndItsDeletionMakesRoom() {
        TestConsumer busy = bench.consume("a").credit(10);
        TestConsumer forgotten = bench.consume(bench.session(), bench.spec("old", "a", StartPosition.LATEST));
        forgotten.port().stop();
        bench.publishAll("a", "1", "2", "3");
        busy.handouts().forEach(busy::ack);
        assertThat(busy.count()).isEqualTo(3);
        isFullBecauseOf(bench.publish("a", "4"), bench.group("old"));
        assertThat(bench.session().health().remarks())
                .singleElement()
                .asString()
                .contains(bench.group("old"));

        embedded.broker().deleteGroup(bench.group("old"));
        bench.publishAll("a", "5");
        assertThat(busy.count()).isEqualTo(4);
        assertThat(bench.session().health().remarks()).isEmpty();
    }

    @Test
    void whatWaitsWhileNoRoomIsMadeIsRefusedByNameAndLaterOnesAtOnceUntilSomeIsMade() {
        TestConsumer stuck = bench.consume("a").credit(1);
        bench.publishAll("a", "1", "2", "3");
        TestPublish waits = bench.publish("a", "4");
        embedded.clock().elapse(Duration.ofMillis(2_100));
        isFullBecauseOf(waits, bench.group("a"));
        isFullBecauseOf(bench.publish("a", "5"), bench.group("a"));

        stuck.ack(stuck.last());
        bench.publishAll("a", "6");
        assertThat(bench.publish("a", "7").signals()).as("it waits again").isEmpty();
    }

    @Test
    void whoeverMakesRoomNowAndThenHasOthersWait() {
        TestConsumer slow = bench.consume("a").credit(1);
        bench.publishAll("a", "1", "2", "3");
        bench.publish("a", "4");
        TestPublish last = bench.publish("a", "5");
        embedded.clock().elapse(Duration.ofMillis(1_500));
        slow.ack(slow.last());
        slow.credit(1);
        embedded.clock().elapse(Duration.ofMillis(1_500));

        assertThat(last.signals()).isEmpty();

        slow.ack(slow.last());
        assertThat(last.isConfirmed()).isTrue();
    }

    @Test
    void whatWaitsEndsWithItsSession() {
        bench.consume("a");
        bench.publishAll("a", "1", "2", "3");
        TestPublish mine = bench.publish("a", "4");
        BrokerSession other = bench.open("other");
        TestPublish others = new TestPublish(bench.message("a", "5"));
        other.publishing().publish(others);
        other.close().subscribe();

        assertThat(others.failure()).isEqualTo(ErrorCode.CLOSED);
        assertThat(mine.signals()).isEmpty();

        bench.close();
        assertThat(mine.failure()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void shuttingDownEndsWhatWaits() {
        TestConsumer consumer = bench.consume("a");
        bench.publishAll("a", "1", "2", "3");
        TestPublish waits = bench.publish("a", "4");
        embedded.broker().shutdown();

        assertThat(waits.failure()).isEqualTo(ErrorCode.CLOSED);
        assertThat(consumer.gone()).containsExactly(ErrorCode.CLOSED);
        assertThat(bench.publish("a", "5").failure()).isEqualTo(ErrorCode.CLOSED);
    }
}
