package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How messages get into a broker. */
interface PublishContract extends ContractPart {
    @Test
    default void aPublishIsConfirmedWithASequenceThatGrowsWithinItsTopicOrWithNone() {
        bench().consume("a");
        long last = 0;
        for (int i = 0; i < 10; i++) {
            TestPublish publish = bench().publish("a", "m" + i);
            bench().until("it is confirmed", publish::isConfirmed);
            assertThat((publish.sequence() == 0 && last == 0) || publish.sequence() > last)
                    .as("%s after %s", publish.sequence(), last)
                    .isTrue();
            assertThat(publish.isDuplicate()).isFalse();
            last = publish.sequence();
        }
    }

    @Test
    default void aMessageArrivesAsItWasPublished() {
        TestConsumer consumer = bench().consume("a").credit(1);
        Message message = bench().message("a", "magnitude 5")
                .key("NC")
                .header("Depth", "7 km")
                .header("Depth", "8 km");

        bench().publish(message);
        bench().until("it is delivered", () -> consumer.count() == 1);

        assertThat(consumer.last().message()).isEqualTo(message);
    }

    @Test
    @When(Trait.RECOGNISES_IDS)
    default void anIdIsStoredOnce() {
        TestConsumer consumer = bench().consume("a").credit(10);
        Message message = bench().message("a", "once");
        TestPublish first = bench().publish(message);
        TestPublish second = bench().publish(message);

        bench().until("both are confirmed", () -> first.isConfirmed() && second.isConfirmed());
        bench().until("it is delivered", () -> consumer.count() > 0);
        bench().settleDown();

        assertThat(first.isDuplicate()).isFalse();
        assertThat(second.isDuplicate()).isTrue();
        assertThat(second.sequence()).isEqualTo(first.sequence());
        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    @When(Trait.RECOGNISES_IDS)
    default void anIdIsStillKnownWhenItsMessageIsAcked() {
        TestConsumer consumer = bench().consume("a").credit(10);
        Message message = bench().message("a", "once");

        bench().publish(message);
        bench().until("it is delivered", () -> consumer.count() == 1);
        TestSettle ack = consumer.ack(consumer.last());
        bench().until("it is acked", ack::isDone);
        TestPublish again = bench().publish(message);
        bench().until("it is known", again::isDuplicate);
        bench().settleDown();

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    @When(Trait.RECOGNISES_IDS)
    default void anIdIsKnownForTheDuplicateWindowAndNoLonger() {
        bench().consume("a");
        Message message = repeatedWithin(bench().capabilities().duplicateWindow());
        bench().elapse(test().tolerance().plus(test().duplicateSlack()));
        TestPublish after = bench().publish(message);
        bench().until("it is new", () -> after.isConfirmed() && !after.isDuplicate());
    }

    /** Publishes a message twice within a time; anew, where a test that stands still is too late. */
    private Message repeatedWithin(Duration window) {
        int tries = 5;
        for (int i = 0; i < tries; i++) {
            Message message = bench().message("a", "twice");
            long before = bench().passedNanos();
            bench().publish(message);
            bench().elapse(window.minus(test().tolerance()));
            TestPublish within = bench().publish(message);
            bench().until("it is confirmed", within::isConfirmed);
            if (bench().passedNanos() - before < window.toNanos()) {
                assertThat(within.isDuplicate()).as("it is known").isTrue();
                return message;
            }
        }
        throw new AssertionError("never published twice within " + window);
    }

    @Test
    @When(Trait.RECOGNISES_ITS_SESSION)
    default void theSamePublishAgainIsRecognisedAndAnotherOneOfItsIdIsNot() {
        TestConsumer consumer = bench().consume("a").credit(10);
        Message message = bench().message("a", "once");
        TestPublish first = bench().publish(message);
        bench().until("it is confirmed", first::isConfirmed);

        first.repeat();
        bench().session().publishing().publish(first);
        bench().until("it is recognised", first::isDuplicate);
        TestPublish other = bench().publish(message);

        bench().until("both are there", () -> other.isConfirmed() && consumer.count() == 2);
        assertThat(other.isDuplicate()).isFalse();
    }

    @Test
    @When(Trait.RECOGNISES_NOTHING)
    default void anIdIsStoredAsOftenAsItIsPublished() {
        TestConsumer consumer = bench().consume("a").credit(10);
        Message message = bench().message("a", "twice");

        TestPublish first = bench().publish(message);
        TestPublish second = bench().publish(message);

        bench().until("both are there", () -> consumer.count() == 2);
        assertThat(first.isConfirmed() && second.isConfirmed()).isTrue();
        assertThat(second.isDuplicate()).isFalse();
    }

    @Test
    default void whatWasTakenBackIsDroppedWithoutAnAnswer() {
        TestConsumer consumer = bench().consume("a").credit(10);
        TestPublish takenBack = new TestPublish(bench().message("a", "never")).takeBack();

        bench().publish(takenBack);
        bench().publishAll("a", "other");
        bench().until("it is seen", takenBack::isFoundTakenBack);
        bench().until("the other one is delivered", () -> consumer.count() > 0);
        bench().settleDown();

        assertThat(takenBack.signals()).isEmpty();
        assertThat(consumer.texts()).containsExactly("other");
    }

    @Test
    default void whatWasTakenBackMayBePublishedLater() {
        TestConsumer consumer = bench().consume("a").credit(10);
        Message message = bench().message("a", "later");
        bench().publish(new TestPublish(message).takeBack());
        TestPublish later = bench().publish(message);
        bench().until("it is new", () -> later.isConfirmed() && !later.isDuplicate());
        bench().until("it is delivered", () -> consumer.count() == 1);
    }

    @Test
    default void whatNobodyWouldKeepIsRefused() {
        TestPublish publish = bench().publish("nobody", "lost");
        bench().until("it is refused", () -> publish.failure() == ErrorCode.NO_GROUP);
    }

    @Test
    default void aBodyThatIsTooLargeIsRefused() {
        bench().consume("a");
        TestPublish publish = bench().publish(bench().message("a", "").body(new byte[test().tooLargeBytes()]));
        bench().until("it is refused", () -> publish.failure() == ErrorCode.TOO_LARGE);
        bench().publishAll("a", "the next one passes");
    }
}
