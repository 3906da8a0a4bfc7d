package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.Scenario;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A handler and its lease, on the embedded broker in virtual time. */
class HandleTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Disposable> running = new ArrayList<>();
    private MessageClient client;

    /** What the client has besides. */
    MessageClientBuilder dressed(MessageClientBuilder plain) {
        return plain;
    }

    @BeforeEach
    void open() {
        client = client("one");
    }

    @AfterEach
    void close() {
        running.forEach(Disposable::dispose);
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private MessageClient client(String name) {
        return dressed(MessageClient.builder())
                .name(name)
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .build();
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(Duration.ofSeconds(2));
    }

    private void run(MessageConsumer<String> consumer, Handler<String> handler) {
        running.add(consumer.handle(handler).subscribe(outcomes::add));
    }

    private void publish(String body) {
        client.publish(Message.to("quakes.nc").key("NC").body(body)).subscribe();
    }

    @Test
    void aCompletedHandlerAcks() {
        List<String> seen = new ArrayList<>();
        run(consumer(), delivery -> Mono.fromRunnable(() -> seen.add(delivery.body())));
        publish("a");
        assertThat(seen).containsExactly("a");
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(seen).hasSize(1);
    }

    @Test
    void workThatIsLongerThanTheLeaseLivesOnTouches() {
        run(consumer(), delivery -> Mono.delay(Duration.ofSeconds(7), time));
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(8));
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    @Scenario(8)
    void workIsCancelledAtLeastABudgetBeforeTheBrokerHandsItsMessageOutAgain() {
        List<Long> cancelled = new ArrayList<>();
        AtomicInteger starts = new AtomicInteger();
        List<Long> started = new ArrayList<>();

        run(consumer().touch(io.leasehold.lease.TouchMode.NEVER), delivery -> {
            started.add(time.now(java.util.concurrent.TimeUnit.MILLISECONDS));
            starts.incrementAndGet();
            return Mono.never().doOnCancel(() -> cancelled.add(time.now(java.util.concurrent.TimeUnit.MILLISECONDS)));
        });
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(1999));
        assertThat(cancelled).hasSize(1);
        assertThat(starts).hasValue(1);
        assertThat(outcomes).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(starts).hasValue(2);
        assertThat(started.get(1) - cancelled.get(0)).isGreaterThanOrEqualTo(100);
    }

    @Test
    void anErrorNaksWithBackoffAndAtTheLimitTheMessageIsDeadLettered() {
        List<Message> dead = new ArrayList<>();
        running.add(client.consumer("dead.>", "undertakers", Message.class)
                .handle(delivery -> Mono.fromRunnable(() -> dead.add(delivery.body())))
                .subscribe());
        run(
                consumer()
                        .deadLetterTo("dead.quakes")
                        .maxDeliveries(3)
                        .redelivery(Backoff.fixed(Duration.ofSeconds(1))),
                delivery -> Mono.error(new IllegalStateException("no")));
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(outcomes)
                .extracting(Outcome::kind)
                .containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
        assertThat(dead).extracting(Message::text).containsExactly("a");
        assertThat(dead.get(0).headers().first("Leasehold-Code")).contains(ErrorCode.HANDLER_FAILED.id());
    }

    @Test
    void aHandlerThatFailsIsTriedAgainUnderItsLease() {
        AtomicInteger tries = new AtomicInteger();
        run(
                consumer().handlerRetry(RetryPolicy.fixed(3, Duration.ofMillis(100))),
                delivery -> tries.incrementAndGet() < 3 ? Mono.error(new IllegalStateException("no")) : Mono.empty());
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(tries).hasValue(3);
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(outcomes).extracting(Outcome::deliveryCount).containsExactly(1);
    }

    @Test
    void aHandlerTimeoutIsToldApartFromALostLease() {
        run(consumer().handlerTimeout(Duration.ofSeconds(1)), delivery -> Mono.never());
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(1500));

        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.NAKED);
        assertThat(outcomes).extracting(Outcome::code).containsExactly(ErrorCode.HANDLER_TIMEOUT);
    }

    @Test
    void cancellingReleasesWhatIsUnderWay() {
        MessageClient other = client("two");
        List<String> taken = new ArrayList<>();

        run(consumer(), delivery -> Mono.never());
        publish("a");
        running.add(other.consumer("quakes.>", "assessors", String.class)
                .leaseTime(Duration.ofSeconds(2))
                .handle(delivery -> Mono.fromRunnable(() -> taken.add(delivery.body())))
                .subscribe());
        assertThat(taken).isEmpty();
        running.get(0).dispose();

        assertThat(taken).containsExactly("a");
    }

    @Test
    void aSecondSubscriptionOfTheGroupIsRefused() {
        run(consumer(), delivery -> Mono.empty());
        List<Throwable> errors = new ArrayList<>();
        consumer().handle(delivery -> Mono.empty()).subscribe(outcome -> {}, errors::add);

        assertThat(errors)
                .extracting(error -> ((io.leasehold.error.MessagingException) error).code())
                .containsExactly(ErrorCode.ALREADY_CONSUMING);
    }

    @Test
    void aSubscriptionThatIsRefusedGivesItsSchedulerBackWhatItHad() {
        AtomicInteger workers = new AtomicInteger();
        Scheduler counted = new CountedWorkers(workers);

        run(consumer(), delivery -> Mono.empty());
        List<Throwable> errors = new ArrayList<>();
        consumer().signalOn(counted).handle(delivery -> Mono.empty()).subscribe(outcome -> {}, errors::add);

        assertThat(errors).hasSize(1);
        assertThat(workers).hasValue(0);
    }

    /** Knows how many of its workers were not given back. */
    private record CountedWorkers(AtomicInteger open) implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return Schedulers.immediate().schedule(task);
        }

        @Override
        public Worker createWorker() {
            Worker worker = Schedulers.immediate().createWorker();
            open.incrementAndGet();
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return worker.schedule(task);
                }

                @Override
                public void dispose() {
                    open.decrementAndGet();
                    worker.dispose();
                }
            };
        }
    }

    @Test
    void drainLetsRunsFinishAndStartsNoMore() {
        AtomicInteger starts = new AtomicInteger();
        run(consumer().concurrency(1), delivery -> {
            starts.incrementAndGet();
            return Mono.delay(Duration.ofSeconds(1), time);
        });
        publish("a");
        publish("b");
        List<String> drained = new ArrayList<>();
        consumer().control().drain(Duration.ofSeconds(20)).subscribe(v -> {}, e -> {}, () -> drained.add("drained"));
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(starts).hasValue(1);
        assertThat(drained).containsExactly("drained");
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void aTryThatTimesOutIsFollowedByTheNext() {
        AtomicInteger tries = new AtomicInteger();
        run(
                consumer()
                        .handlerTimeout(Duration.ofSeconds(1))
                        .handlerRetry(RetryPolicy.fixed(3, Duration.ofMillis(500))),
                delivery -> tries.incrementAndGet() < 3 ? Mono.never() : Mono.empty());
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(tries).hasValue(3);
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void aDecisionOfATryThatFailedIsForgotten() {
        AtomicInteger tries = new AtomicInteger();
        run(
                consumer().handlerRetry(RetryPolicy.fixed(1, Duration.ofMillis(10))),
                delivery -> tries.incrementAndGet() == 1
                        ? Mono.<Object>just(Disposition.terminate("no"))
                                .concatWith(Mono.error(new IllegalStateException("later")))
                        : Mono.empty());
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }
}
