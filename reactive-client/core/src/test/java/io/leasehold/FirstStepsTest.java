package io.leasehold;

import static io.leasehold.consume.Outcome.Kind.ACKED;
import static io.leasehold.consume.Outcome.Kind.DEAD_LETTERED;
import static io.leasehold.consume.Outcome.Kind.LOST;
import static io.leasehold.consume.Outcome.Kind.NAKED;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.BatchSettings;
import io.leasehold.consume.DeadLetter;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * What a user of the client meets first, one test each: publishing, handling, failing, draining. Read it from the top.
 *
 * <p>The client is on the embedded broker, and both are in virtual time: {@code thenAwait(..)} passes it.
 */
class FirstStepsTest {
    private static final Duration LEASE_TIME = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final MessageClient client = MessageClient.builder()
            .broker(broker)
            .timeScheduler(time)
            .userScheduler(Schedulers.immediate())
            .cancelScheduler(Schedulers.immediate())
            .build();

    @AfterEach
    void leaveVirtualTime() {
        VirtualTimeScheduler.reset();
    }

    private MessageConsumer<String> assessors() {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(LEASE_TIME);
    }

    private static Message quake(String body) {
        return Message.to("quakes.nc").id("id-" + body).body(body);
    }

    private void publish(Message message) {
        client.publish(message).subscribe();
    }

    private long millis() {
        return time.now(TimeUnit.MILLISECONDS);
    }

    @Test
    void aPublishCompletesWithTheReceiptOfTheBroker() {
        Mono<PublishReceipt> first = client.publish(quake("a"));
        Mono<PublishReceipt> again = client.publish(quake("a"));
        Mono<Void> kept = client.declare("quakes.>", Retention.defaults());

        StepVerifier.withVirtualTime(() -> kept.thenMany(Flux.concat(first, again)))
                .assertNext(receipt -> {
                    assertThat(receipt.id().value()).isEqualTo("id-a");
                    assertThat(receipt.topic()).isEqualTo("quakes.nc");
                    assertThat(receipt.duplicate()).isFalse();
                })
                .assertNext(receipt -> assertThat(receipt.duplicate()).isTrue())
                .verifyComplete();
    }

    @Test
    void publishAllGivesAReceiptOrAnErrorForEachMessageInTheirOrder() {
        Message unwanted = Message.to("nobody.keeps.this").id("id-b").body("b");
        Flux<PublishResult> results = client.publishAll(Flux.just(quake("a"), unwanted, quake("c")));
        Mono<Void> kept = client.declare("quakes.>", Retention.defaults());

        StepVerifier.withVirtualTime(() -> kept.thenMany(results))
                .assertNext(result -> assertThat(result.isConfirmed()).isTrue())
                .assertNext(result -> {
                    assertThat(result.id().value()).isEqualTo("id-b");
                    assertThat(((PublishResult.Failed) result).error().code()).isEqualTo(ErrorCode.NO_GROUP);
                })
                .assertNext(result -> assertThat(result.isConfirmed()).isTrue())
                .verifyComplete();
    }

    @Test
    void aMessageIsAckedWhenItsHandlerCompletes() {
        List<String> seen = new ArrayList<>();
        Flux<Outcome> outcomes = assessors().handle(delivery -> Mono.fromRunnable(() -> seen.add(delivery.body())));

        StepVerifier.withVirtualTime(() -> outcomes)
                .then(() -> publish(quake("a")))
                .assertNext(outcome -> assertThat(outcome.kind()).isEqualTo(ACKED))
                .thenAwait(LEASE_TIME.multipliedBy(3))
                .thenCancel()
                .verify();

        assertThat(seen).as("no second delivery").containsExactly("a");
    }

    @Test
    void aLostLeaseCancelsItsWorkBeforeTheMessageIsDeliveredAgain() {
        List<Long> startedAt = new ArrayList<>();
        List<Long> cancelledAt = new ArrayList<>();
        Flux<Outcome> outcomes = assessors().touch(TouchMode.NEVER).handle(delivery -> {
            startedAt.add(millis());
            return delivery.deliveryCount() == 1
                    ? Mono.never().doOnCancel(() -> cancelledAt.add(millis()))
                    : Mono.empty();
        });

        StepVerifier.withVirtualTime(() -> outcomes)
                .then(() -> publish(quake("a")))
                .thenAwait(LEASE_TIME)
                .assertNext(outcome -> {
                    assertThat(outcome.kind()).isEqualTo(LOST);
                    assertThat(outcome.loss()).isEqualTo(LeaseLoss.EXPIRED);
                })
                .assertNext(outcome -> assertThat(outcome.kind()).isEqualTo(ACKED))
                .thenCancel()
                .verify();

        assertThat(startedAt).hasSize(2);
        assertThat(cancelledAt).hasSize(1);
        assertThat(startedAt.get(1) - cancelledAt.get(0)).isGreaterThanOrEqualTo(100);
    }

    @Test
    void aHandlerThatExceedsItsTimeoutIsCancelledAndItsMessageComesAgain() {
        AtomicInteger cancels = new AtomicInteger();
        Flux<Outcome> outcomes = assessors()
                .handlerTimeout(Duration.ofSeconds(1))
                .redelivery(Backoff.fixed(Duration.ofSeconds(2)))
                .handle(delivery -> delivery.deliveryCount() == 1
                        ? Mono.never().doOnCancel(cancels::incrementAndGet)
                        : Mono.empty());

        StepVerifier.withVirtualTime(() -> outcomes)
                .then(() -> publish(quake("a")))
                .thenAwait(Duration.ofSeconds(1))
                .assertNext(outcome -> {
                    assertThat(outcome.kind()).isEqualTo(NAKED);
                    assertThat(outcome.code()).isEqualTo(ErrorCode.HANDLER_TIMEOUT);
                })
                .thenAwait(Duration.ofSeconds(2))
                .assertNext(outcome -> assertThat(outcome.kind()).isEqualTo(ACKED))
                .thenCancel()
                .verify();

        assertThat(cancels).hasValue(1);
    }

    @Test
    void aHandlerThatFailsIsTriedAgainUnderTheSameLease() {
        AtomicInteger tries = new AtomicInteger();
        Flux<Outcome> outcomes = assessors()
                .handlerRetry(RetryPolicy.fixed(3, Duration.ofMillis(100)))
                .handle(delivery -> tries.incrementAndGet() < 3 ? Mono.error(new QuakeTooDeep()) : Mono.empty());

        StepVerifier.withVirtualTime(() -> outcomes)
                .then(() -> publish(quake("a")))
                .thenAwait(Duration.ofMillis(200))
                .assertNext(outcome -> {
                    assertThat(outcome.kind()).isEqualTo(ACKED);
                    assertThat(outcome.deliveryCount()).isEqualTo(1);
                })
                .thenCancel()
                .verify();

        assertThat(tries).hasValue(3);
    }

    @Test
    void aMessageThatKeepsFailingBecomesADeadLetter() {
        Flux<Outcome> outcomes = assessors()
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)))
                .maxDeliveries(3)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.error(new QuakeTooDeep()));
        List<DeadLetter> letters = new ArrayList<>();
        client.consumer("dead.>", "undertakers", Message.class)
                .handle(delivery -> Mono.fromRunnable(
                        () -> DeadLetter.of(delivery.message()).ifPresent(letters::add)))
                .subscribe();

        StepVerifier.withVirtualTime(() -> outcomes.map(Outcome::kind))
                .then(() -> publish(quake("a")))
                .expectNext(NAKED)
                .thenAwait(Duration.ofSeconds(1))
                .expectNext(NAKED)
                .thenAwait(Duration.ofSeconds(1))
                .expectNext(DEAD_LETTERED)
                .thenCancel()
                .verify();

        assertThat(letters).hasSize(1);
        assertThat(letters.get(0).message().text()).isEqualTo("a");
        assertThat(letters.get(0).origin()).isEqualTo("quakes.nc");
        assertThat(letters.get(0).deliveryCount()).isEqualTo(3);
        assertThat(letters.get(0).code()).contains(ErrorCode.HANDLER_FAILED);
    }

    @Test
    void messagesOfOneKeyAreHandledOneAfterTheOtherAndOthersBesideThem() {
        List<String> steps = new ArrayList<>();
        Flux<Outcome> outcomes = assessors().keyed().concurrency(8).handle(delivery -> {
            steps.add("begin " + delivery.body());
            return Mono.delay(Duration.ofSeconds(1)).doOnNext(any -> steps.add("end " + delivery.body()));
        });

        StepVerifier.withVirtualTime(() -> outcomes.map(Outcome::kind))
                .then(() -> {
                    publish(quake("california 1").key("NC"));
                    publish(quake("california 2").key("NC"));
                    publish(quake("alaska").key("AK"));
                })
                .thenAwait(Duration.ofSeconds(2))
                .expectNext(ACKED, ACKED, ACKED)
                .thenCancel()
                .verify();

        assertThat(steps).startsWith("begin california 1", "begin alaska");
        assertThat(steps).containsSubsequence("end california 1", "begin california 2", "end california 2");
    }

    /** A batch that does not get full begins after a quarter of the lease time. */
    @Test
    void aBatchIsHandledInOneCallAndEachOfItsMessagesIsAcked() {
        List<List<String>> batches = new ArrayList<>();
        Flux<Outcome> outcomes = assessors().concurrency(1).handleBatch(BatchSettings.ofSize(3), batch -> {
            batches.add(batch.stream().map(Delivery::body).toList());
            return Mono.empty();
        });

        StepVerifier.withVirtualTime(() -> outcomes.map(Outcome::kind))
                .then(() -> List.of("a", "b", "c", "d").forEach(body -> publish(quake(body))))
                .expectNext(ACKED, ACKED, ACKED)
                .thenAwait(LEASE_TIME.dividedBy(4))
                .expectNext(ACKED)
                .thenCancel()
                .verify();

        assertThat(batches).containsExactly(List.of("a", "b", "c"), List.of("d"));
    }

    @Test
    void aDrainTakesNoMoreAndCompletesWhenWhatRunsHasFinished() {
        MessageConsumer<String> assessors = assessors().concurrency(1);
        List<String> begun = new ArrayList<>();
        Flux<Outcome> outcomes = assessors.handle(delivery -> {
            begun.add(delivery.body());
            return Mono.delay(Duration.ofSeconds(1));
        });
        AtomicInteger drained = new AtomicInteger();

        StepVerifier.withVirtualTime(() -> outcomes.map(Outcome::kind))
                .then(() -> List.of("a", "b").forEach(body -> publish(quake(body))))
                .then(() -> assessors
                        .control()
                        .drain(Duration.ofSeconds(20))
                        .subscribe(nothing -> {}, error -> {}, drained::incrementAndGet))
                .thenAwait(Duration.ofSeconds(1))
                .expectNext(ACKED)
                .verifyComplete();

        assertThat(begun).containsExactly("a");
        assertThat(drained).hasValue(1);
    }

    private static final class QuakeTooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
