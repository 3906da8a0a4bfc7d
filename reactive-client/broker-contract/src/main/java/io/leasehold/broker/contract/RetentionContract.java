package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is kept for groups that come later, and where these begin. */
interface RetentionContract extends ContractPart {
    private TestConsumer consumer(String group, StartPosition start) {
        return bench().consume(bench().session(), bench().spec(group, "a", start))
                .credit(100);
    }

    @Test
    @When(Trait.BEGINS_AT_THE_EARLIEST)
    default void whatIsDeclaredIsKeptForAGroupThatBeginsAtTheEarliest() {
        bench().declare("a");
        bench().publishAll("a", "1", "2", "3");
        TestConsumer consumer = consumer("late", StartPosition.EARLIEST);
        bench().publishAll("a", "4");
        bench().until("all is delivered", () -> consumer.count() == 4);

        assertThat(consumer.texts()).containsExactly("1", "2", "3", "4");
    }

    @Test
    @When(Trait.BEGINS_AT_THE_LATEST)
    default void aGroupThatBeginsAtTheLatestGetsOnlyWhatFollows() {
        bench().declare("a");
        bench().publishAll("a", "1", "2");
        TestConsumer consumer = consumer("late", StartPosition.LATEST);
        bench().publishAll("a", "3");
        bench().until("the new one is delivered", () -> consumer.count() == 1);
        bench().settleDown();

        assertThat(consumer.texts()).containsExactly("3");
    }

    @Test
    @When(Trait.BEGINS_AT_AN_INSTANT)
    default void aGroupMayBeginAtAnInstant() {
        bench().declare("a");
        bench().publishAll("a", "1", "2");
        bench().elapse(Duration.ofSeconds(2));
        Instant between = test().wallClock().instant();
        bench().elapse(Duration.ofSeconds(2));
        bench().publishAll("a", "3", "4");
        TestConsumer consumer = consumer("late", StartPosition.at(between));
        bench().until("the later ones are delivered", () -> consumer.count() == 2);
        bench().settleDown();

        assertThat(consumer.texts()).containsExactly("3", "4");
    }

    @Test
    @When(Trait.NEVER_AT_THE_EARLIEST)
    default void aGroupThatWouldBeginAtTheEarliestIsRefused() {
        bench().refuses(bench().spec("early", "a", StartPosition.EARLIEST), ErrorCode.UNSUPPORTED);
    }

    @Test
    @When(Trait.NEVER_AT_THE_LATEST)
    default void aGroupThatWouldBeginAtTheLatestIsRefused() {
        bench().refuses(bench().spec("late", "a", StartPosition.LATEST), ErrorCode.UNSUPPORTED);
    }

    @Test
    @When(Trait.NEVER_AT_AN_INSTANT)
    default void aGroupThatWouldBeginAtAnInstantIsRefused() {
        StartPosition instant = StartPosition.at(test().wallClock().instant());

        bench().refuses(bench().spec("between", "a", instant), ErrorCode.UNSUPPORTED);
    }

    @Test
    @When({Trait.BEGINS_AT_THE_EARLIEST, Trait.BEGINS_AT_THE_LATEST})
    default void theStartOfAGroupThatExistsHasNoMeaning() {
        bench().declare("a");
        TestConsumer first = consumer("group", StartPosition.LATEST);
        bench().publishAll("a", "1");
        bench().until("it is delivered", () -> first.count() == 1);
        TestConsumer second = consumer("group", StartPosition.EARLIEST);
        bench().settleDown();

        assertThat(second.gone()).isEmpty();
        assertThat(second.count()).isZero();
    }

    @Test
    @When(Trait.BEGINS_AT_THE_EARLIEST)
    default void declaringAgainChangesNothing() {
        bench().declare("a");
        bench().publishAll("a", "1");
        bench().declare("a");
        TestConsumer consumer = consumer("late", StartPosition.EARLIEST);
        bench().until("it is delivered once", () -> consumer.count() == 1);
        bench().settleDown();

        assertThat(consumer.texts()).containsExactly("1");
    }

    @Test
    @When(Trait.BEGINS_AT_THE_EARLIEST)
    default void whatAGroupAckedIsStillThereForAnotherOne() {
        bench().declare("a");
        TestConsumer first = consumer("first", StartPosition.EARLIEST);
        bench().publishAll("a", "1");
        bench().until("it is delivered", () -> first.count() == 1);
        first.ack(first.last());
        TestConsumer second = consumer("second", StartPosition.EARLIEST);
        bench().until("it is delivered", () -> second.count() == 1);
    }
}
