package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.StageAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** What a run and its stages owe each other. */
class ConsumeStagesTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final List<String> told = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<MessagingEvent> events = new ArrayList<>();
    private MessageClient client;

    @AfterEach
    void close() {
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private MessageConsumer<String> consumer(ConsumeStage... stages) {
        var builder = MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .recorder(new Recorder() {
                    @Override
                    public void event(MessagingEvent event) {
                        events.add(event);
                    }
                });
        List.of(stages).forEach(builder::stage);
        client = builder.build();
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(Duration.ofSeconds(2));
    }

    private void run(MessageConsumer<String> consumer, Handler<String> handler) {
        consumer.handle(handler).subscribe(outcomes::add);
        client.publish(Message.to("quakes.nc").body("a")).subscribe();
    }

    private ConsumeStage stage(String name, Supplier<StageAnswer> answer) {
        return new ConsumeStage() {
            @Override
            public StageAnswer enter(ConsumeView view, long now) {
                told.add(name + " in " + view.state());
                view.state(view.state() + 1);
                return answer.get();
            }

            @Override
            public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
                told.add(name + " out " + outcome + " " + view.failure());
            }

            @Override
            public Context context(ConsumeView view, Context given) {
                return given.put(name, view.group() + " " + view.filter());
            }
        };
    }

    @Test
    void stagesAreEnteredInTheirOrderAndLeftInTheOther() {
        run(
                consumer(stage("one", () -> StageAnswer.PROCEED), stage("two", () -> StageAnswer.PROCEED)),
                delivery -> Mono.empty());
        assertThat(told).containsExactly("one in 0", "two in 0", "two out ACKED null", "one out ACKED null");
    }

    @Test
    void aStageThatDelaysIsAskedAgainWithTheStateThatItLeft() {
        AtomicInteger asked = new AtomicInteger();
        run(
                consumer(
                        stage("one", () -> StageAnswer.PROCEED),
                        stage(
                                "two",
                                () -> asked.incrementAndGet() < 3 ? StageAnswer.delay(SOON) : StageAnswer.PROCEED)),
                delivery -> Mono.empty());
        time.advanceTimeBy(Duration.ofMillis(200));

        assertThat(told)
                .containsExactly(
                        "one in 0", "two in 0", "two in 1", "two in 2", "two out ACKED null", "one out ACKED null");
    }

    @Test
    void whatAStageRefusesIsDeliveredAgainAndNeverADeadLetterByThat() {
        AtomicInteger asked = new AtomicInteger();
        MessageConsumer<String> consumer = consumer(
                stage("one", () -> StageAnswer.PROCEED),
                stage(
                        "two",
                        () -> asked.incrementAndGet() < 5
                                ? StageAnswer.refuse(ErrorCode.BREAKER_OPEN)
                                : StageAnswer.PROCEED));

        run(
                consumer.maxDeliveries(2)
                        .deadLetterTo("dead.quakes")
                        .retryOn(error -> false)
                        .redelivery(Backoff.fixed(Duration.ofSeconds(1))),
                delivery -> Mono.empty());
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(outcomes)
                .extracting(Outcome::kind)
                .containsExactly(
                        Outcome.Kind.NAKED,
                        Outcome.Kind.NAKED,
                        Outcome.Kind.NAKED,
                        Outcome.Kind.NAKED,
                        Outcome.Kind.ACKED);
        assertThat(outcomes.get(0).code()).isEqualTo(ErrorCode.BREAKER_OPEN);
        assertThat(told.subList(0, 3)).containsExactly("one in 0", "two in 0", "one out NAKED BREAKER_OPEN");
        assertThat(told).doesNotContain("two out NAKED BREAKER_OPEN");
    }

    @Test
    void aRefusalAfterADelayIsARefusal() {
        AtomicInteger asked = new AtomicInteger();
        run(
                consumer(stage(
                        "one",
                        () -> asked.incrementAndGet() == 1
                                ? StageAnswer.delay(SOON)
                                : StageAnswer.refuse(ErrorCode.BULKHEAD_FULL))),
                delivery -> Mono.empty());
        time.advanceTimeBy(Duration.ofMillis(200));

        assertThat(asked).hasValue(2);
        assertThat(outcomes).extracting(Outcome::code).containsExactly(ErrorCode.BULKHEAD_FULL);
    }

    @Test
    void aLeaseThatIsLostBetweenTwoTriesLeavesTheStagesOnce() {
        run(
                consumer(stage("one", () -> StageAnswer.PROCEED))
                        .touch(TouchMode.NEVER)
                        .handlerRetry(RetryPolicy.fixed(5, Duration.ofMinutes(5))),
                delivery -> Mono.error(new IllegalStateException("no")));
        time.advanceTimeBy(Duration.ofMillis(1950));

        assertThat(told).containsExactly("one in 0", "one out LOST LEASE_LOST");
    }

    @Test
    void aLeaseThatIsLostWhileAStageDelaysLeavesTheStagesBeforeItOnce() {
        run(
                consumer(
                                stage("one", () -> StageAnswer.PROCEED),
                                stage("two", () -> StageAnswer.delay(Duration.ofHours(1))))
                        .touch(TouchMode.NEVER),
                delivery -> Mono.empty());
        time.advanceTimeBy(Duration.ofMillis(1950));

        assertThat(told).containsExactly("one in 0", "two in 0", "one out LOST LEASE_LOST");
    }

    @Test
    void theWorkSeesWhatStagesAddToItsContext() {
        List<Object> seen = new ArrayList<>();
        run(
                consumer(stage("one", () -> StageAnswer.PROCEED), stage("two", () -> StageAnswer.PROCEED)),
                delivery -> Mono.deferContextual(context -> {
                    seen.add(context.get("one"));
                    seen.add(context.get("two"));
                    return Mono.empty();
                }));

        assertThat(seen).containsExactly("assessors quakes.>", "assessors quakes.>");
    }

    @Test
    void aStageThatThrowsRefusesAndIsReported() {
        run(
                consumer(stage("one", () -> {
                    throw new IllegalStateException("broken");
                })),
                delivery -> Mono.empty());

        assertThat(outcomes).extracting(Outcome::code).containsExactly(ErrorCode.STAGE_REFUSED);
        assertThat(events).extracting(MessagingEvent::kind).contains(MessagingEvent.Kind.FAULT);
    }

    @Test
    void aStageThatGivesNoAnswerRefusesAndIsReported() {
        run(consumer(stage("one", () -> null)), delivery -> Mono.empty());

        assertThat(outcomes).extracting(Outcome::code).containsExactly(ErrorCode.STAGE_REFUSED);
        assertThat(events).extracting(MessagingEvent::kind).contains(MessagingEvent.Kind.FAULT);
    }

    @Test
    void aStageThatThrowsAtTheEndDoesNotKeepTheMessageFromBeingSettled() {
        ConsumeStage broken = new ConsumeStage() {
            @Override
            public StageAnswer enter(ConsumeView view, long now) {
                return StageAnswer.PROCEED;
            }

            @Override
            public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
                throw new IllegalStateException("broken");
            }
        };
        run(consumer(stage("one", () -> StageAnswer.PROCEED), broken), delivery -> Mono.empty());
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(told).containsExactly("one in 0", "one out ACKED null");
    }
}
