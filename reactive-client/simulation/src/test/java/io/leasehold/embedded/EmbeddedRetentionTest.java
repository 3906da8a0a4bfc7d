package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What is kept for groups that come later has bounds. */
final class EmbeddedRetentionTest {
    private final EmbeddedBench embedded = new EmbeddedBench(EmbeddedSettings.builder());
    private final BrokerBench bench = embedded.bench();

    @AfterEach
    void tearDown() {
        embedded.close();
    }

    private void declare(String filter, long messages, long bytes) {
        StepVerifier.create(bench.session()
                        .declare(new RetentionSpec(
                                TopicFilter.of(bench.topic(filter)),
                                Retention.builder()
                                        .messagesMax(messages)
                                        .bytesMax(bytes)
                                        .build())))
                .verifyComplete();
    }

    private TestConsumer fromTheStart(String group, String filter) {
        return bench.consume(bench.session(), bench.spec(group, filter, StartPosition.EARLIEST))
                .credit(100);
    }

    @Test
    void theOldestGoFirstWhenThereAreTooMany() {
        declare("a", 3, 1000);
        bench.publishAll("a", "1", "2", "3", "4", "5");
        assertThat(fromTheStart("late", "a").texts()).containsExactly("3", "4", "5");
    }

    @Test
    void theOldestGoFirstWhenTheyAreTooLarge() {
        declare("a", 100, 10);
        bench.publishAll("a", "1111", "2222", "333", "4444");
        assertThat(fromTheStart("late", "a").texts()).containsExactly("333", "4444");
    }

    @Test
    void aBodyThatRetentionCanNeverKeepIsRefused() {
        declare("a", 100, 10);
        bench.publishAll("a", "kept");
        assertThat(bench.publish("a", "eleven long").failure()).isEqualTo(ErrorCode.NO_GROUP);
        assertThat(fromTheStart("late", "a").texts()).containsExactly("kept");
    }

    @Test
    void tighterBoundsHoldFromThenOn() {
        declare("a", 100, 1000);
        bench.publishAll("a", "1", "2", "3");
        declare("a", 2, 1000);
        assertThat(fromTheStart("late", "a").texts()).containsExactly("2", "3");
    }

    @Test
    void whatIsKeptTwiceIsDeliveredOnceInTheOrderOfPublishing() {
        declare("a.*", 100, 1000);
        declare("a.>", 100, 1000);
        declare("b", 100, 1000);
        bench.publishAll("a.x", "1");
        bench.publishAll("b", "other");
        bench.publishAll("a.y.z", "2");
        bench.publishAll("a.x", "3");

        assertThat(fromTheStart("late", "a.>").texts()).containsExactly("1", "2", "3");
    }

    @Test
    void settingsMayKeepTopicsFromTheBeginning() {
        RetentionSpec spec = new RetentionSpec(
                TopicFilter.of("embedded.topic.a"),
                Retention.builder().messagesMax(10).bytesMax(100).build());
        EmbeddedBench other = new EmbeddedBench(EmbeddedSettings.builder().retain(spec));
        other.bench().publishAll("a", "1");
        TestConsumer late = other.bench()
                .consume(other.bench().session(), other.bench().spec("late", "a", StartPosition.EARLIEST))
                .credit(1);

        assertThat(late.texts()).containsExactly("1");

        other.close();
    }

    @Test
    void whatIsOnlyKeptTakesNoRoomFromTheGroups() {
        declare("a", 100, 1000);
        bench.publishAll("a", "1", "2");
        assertThat(embedded.broker().stats().messages()).isZero();

        TestConsumer late = fromTheStart("late", "a");
        assertThat(embedded.broker().stats().messages()).isEqualTo(2);

        late.ack(late.handout(0));
        assertThat(embedded.broker().stats().messages()).isEqualTo(1);
    }

    private TestPublish published(String topic, String id) {
        return bench.publish(bench.message(topic, "").id(id));
    }

    @Test
    void topicsWithBoundsOfTheirOwnHaveTheirIdsForThemselves() {
        bench.consume("a");
        bench.consume("b");
        StepVerifier.create(bench.session()
                        .declare(new RetentionSpec(TopicFilter.of(bench.topic("b")), Retention.defaults())))
                .verifyComplete();
        assertThat(published("a", "1").isDuplicate()).isFalse();
        assertThat(published("b", "1").isDuplicate()).isTrue();

        declare("b", 10, 1000);
        assertThat(published("b", "1").isDuplicate()).isFalse();
        assertThat(published("b", "1").isDuplicate()).isTrue();
        assertThat(published("a", "1").isDuplicate()).isTrue();
    }

    @Test
    void whatNobodyKeepsMayBeAllowed() {
        EmbeddedBench other = new EmbeddedBench(EmbeddedSettings.builder().allowUnkept(true));
        other.bench().publishAll("nobody", "gone");
        assertThat(other.broker().stats().messages()).isZero();
        other.close();
    }

    @Test
    void afterTheEndNothingIsDeclared() {
        RetentionSpec spec = new RetentionSpec(TopicFilter.of("a"), Retention.defaults());
        bench.close();

        StepVerifier.create(bench.session().declare(spec))
                .verifyErrorMatches(error -> MessagingException.codeOf(error) == ErrorCode.CLOSED);
    }
}
