package io.leasehold.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.RetryConfig;
import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Breaker, limiter, bulkhead and retry intervals around handlers and publishes. */
class ResilienceTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<ErrorCode> refused = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private MessageClient client;

    @AfterEach
    void close() {
        if (client != null) {
            client.close().subscribe();
            time.advanceTimeBy(Duration.ofMinutes(1));
        }
        broker.shutdown();
    }

    private MessageClientBuilder builder() {
        return MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate());
    }

    private MessageConsumer<String> consumer(MessageClientBuilder builder) {
        client = builder.build();
        return client.consumer("quakes.>", "assessors", String.class)
                .leaseTime(Duration.ofSeconds(2))
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)));
    }

    private Disposable run(MessageConsumer<String> consumer, Handler<String> handler) {
        return consumer.handle(delivery -> {
                    calls.incrementAndGet();
                    return handler.handle(delivery);
                })
                .subscribe(outcomes::add, error -> {});
    }

    private void publish(String body) {
        client.publish(Message.to("quakes.nc").body(body))
                .subscribe(receipt -> {}, error -> refused.add(((MessagingException) error).code()));
    }

    private static CircuitBreaker breaker() {
        return CircuitBreaker.of(
                "assess",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(4)
                        .minimumNumberOfCalls(4)
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .build());
    }

    @Test
    void anOpenBreakerGivesDeliveriesBackUntilItCloses() {
        CircuitBreaker breaker = breaker();
        run(
                consumer(builder().stage(Resilience.consuming(breaker))),
                delivery -> calls.get() <= 4 ? Mono.error(new IllegalStateException("no")) : Mono.empty());
        for (int i = 0; i < 5; i++) {
            publish("m" + i);
        }
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(calls).hasValue(4);
        assertThat(outcomes.get(4).code()).isEqualTo(ErrorCode.BREAKER_OPEN);
        breaker.transitionToHalfOpenState();
        time.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(outcomes.stream().filter(outcome -> outcome.kind() == Outcome.Kind.ACKED))
                .hasSize(5);
    }

    @Test
    void anErrorThatAPredicateThrowsOnCountsAsAFailureAndTheBreakerGoesOnCounting() {
        AtomicInteger asked = new AtomicInteger();
        CircuitBreaker breaker = CircuitBreaker.of(
                "assess",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(4)
                        .minimumNumberOfCalls(4)
                        .recordException(error -> {
                            if (error instanceof IllegalStateException && asked.incrementAndGet() <= 2) {
                                throw new AssertionError("a predicate's fault");
                            }
                            return true;
                        })
                        .build());

        run(
                consumer(builder().stage(Resilience.consuming(breaker))),
                delivery -> Mono.error(new IllegalStateException("no")));
        publish("a");
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            publish("m" + i);
        }

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(4);
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void aListenerOfABreakerThatThrowsCountsNothingTwice() {
        CircuitBreaker breaker = breaker();
        breaker.getEventPublisher().onError(event -> {
            throw new AssertionError("a listener's fault");
        });
        run(
                consumer(builder().stage(Resilience.consuming(breaker))),
                delivery -> Mono.error(new IllegalStateException("no")));
        publish("a");
        publish("b");

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(2);
    }

    @Test
    void aHalfOpenBreakerGetsItsPermissionBackFromWhatIsCancelledOrLost() {
        CircuitBreaker breaker = breaker();
        MessageConsumer<String> consumer = consumer(builder().stage(Resilience.consuming(breaker)));
        Disposable subscription = run(consumer, delivery -> Mono.never());

        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        publish("a");
        publish("b");
        assertThat(breaker.tryAcquirePermission()).isFalse();
        subscription.dispose();

        assertThat(breaker.tryAcquirePermission()).isTrue();
        assertThat(breaker.tryAcquirePermission()).isTrue();
        assertThat(breaker.tryAcquirePermission()).isFalse();
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
    }

    @Test
    void aHandlerTimeoutCountsAsAFailureWithItsDuration() {
        CircuitBreaker breaker = breaker();
        run(
                consumer(builder().stage(Resilience.consuming(breaker))).handlerTimeout(Duration.ofMillis(500)),
                delivery -> Mono.never());
        List<Duration> took = new ArrayList<>();
        breaker.getEventPublisher().onError(event -> took.add(event.getElapsedDuration()));
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(600));

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
        assertThat(took).hasSize(1);
        assertThat(took.get(0)).isBetween(Duration.ofMillis(499), Duration.ofMillis(520));
    }

    @Test
    void whatALaterStageRefusedSaysNothingAboutTheHandler() {
        CircuitBreaker breaker = breaker();
        Bulkhead bulkhead = fullBulkhead();

        run(
                consumer(builder().stage(Resilience.consuming(breaker)).stage(Resilience.consuming(bulkhead))),
                delivery -> Mono.empty());
        publish("a");

        assertThat(outcomes).extracting(Outcome::code).containsExactly(ErrorCode.BULKHEAD_FULL);
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
    }

    @Test
    void anOpenBreakerRefusesPublishes() {
        CircuitBreaker breaker = breaker();
        client = builder().stage(Resilience.publishing(breaker)).build();
        consumer(builder().stage(Resilience.publishing(breaker)));
        run(client.consumer("quakes.>", "assessors", String.class), delivery -> Mono.empty());
        publish("a");
        assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
        client.publish(Message.to("nobody.listens").body("a")).subscribe(receipt -> {}, error -> {});
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
        breaker.transitionToOpenState();
        publish("b");

        assertThat(refused).containsExactly(ErrorCode.BREAKER_OPEN);
    }

    @Test
    void theLimiterSpreadsRunsOverPeriodsWithoutParking() {
        AtomicInteger shift = new AtomicInteger();
        RateLimiter limiter = RateLimiter.of(
                "assess",
                RateLimiterConfig.custom()
                        .limitForPeriod(2)
                        .limitRefreshPeriod(Duration.ofMillis(100))
                        .timeoutDuration(Duration.ofSeconds(5))
                        .build(),
                () -> time.now(TimeUnit.NANOSECONDS) + shift.get());

        run(consumer(builder().stage(Resilience.consuming(limiter))), delivery -> Mono.empty());
        for (int i = 0; i < 6; i++) {
            publish("m" + i);
        }
        assertThat(calls).hasValue(2);
        time.advanceTimeBy(Duration.ofMillis(125));
        assertThat(calls).hasValue(4);
        time.advanceTimeBy(Duration.ofMillis(100));

        assertThat(calls).hasValue(6);
        assertThat(outcomes).allMatch(outcome -> outcome.kind() == Outcome.Kind.ACKED);
    }

    @Test
    void theLimiterRefusesWhatItsTimeoutDoesNotAllow() {
        RateLimiter limiter = RateLimiter.of(
                "assess",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(Duration.ofHours(1))
                        .timeoutDuration(Duration.ZERO)
                        .build());
        client = builder().stage(Resilience.publishing(limiter)).build();
        run(client.consumer("quakes.>", "assessors", String.class), delivery -> Mono.empty());
        publish("a");
        publish("b");

        assertThat(refused).containsExactly(ErrorCode.RATE_LIMITED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void permitsAreDrawnInBlocksAndNeverMoreThanTheLimit() {
        AtomicInteger draws = new AtomicInteger();
        RateLimiter limiter = RateLimiter.of(
                "many",
                RateLimiterConfig.custom()
                        .limitForPeriod(1000)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ofMillis(500))
                        .build(),
                () -> time.now(TimeUnit.NANOSECONDS));

        limiter.getEventPublisher().onSuccess(event -> draws.incrementAndGet());
        PermitBlocks permits = new PermitBlocks(limiter);
        int now = 0;
        for (int i = 0; i < 2000; i++) {
            now += permits.draw(0) == 0 ? 1 : 0;
        }

        assertThat(now).isEqualTo(1000);
        assertThat(draws.get()).isLessThan(100);
    }

    @Test
    void whatIsLeftOfABlockIsThrownAwayAfterItsPeriod() {
        long[] clock = {0};
        RateLimiter limiter = RateLimiter.of(
                "few",
                RateLimiterConfig.custom()
                        .limitForPeriod(100)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ZERO)
                        .build(),
                () -> clock[0]);
        PermitBlocks permits = new PermitBlocks(limiter);

        assertThat(permits.draw(0)).isZero();
        clock[0] = Duration.ofMillis(1500).toNanos();
        int granted = 0;
        for (int i = 0; i < 200; i++) {
            granted += permits.draw(clock[0]) == PermitBlocks.NONE ? 0 : 1;
        }

        assertThat(granted).isEqualTo(100);
    }

    private static Bulkhead fullBulkhead() {
        Bulkhead bulkhead = Bulkhead.of(
                "assess",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(1)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        bulkhead.tryAcquirePermission();
        return bulkhead;
    }

    @Test
    void aFullBulkheadIsAskedAgainUntilTheTimeIsUp() {
        Bulkhead bulkhead = fullBulkhead();
        run(
                consumer(builder().stage(Resilience.consuming(bulkhead, Duration.ofMillis(300)))),
                delivery -> Mono.empty());
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(200));
        assertThat(outcomes).isEmpty();
        bulkhead.releasePermission();
        time.advanceTimeBy(Duration.ofMillis(50));
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isEqualTo(1);
        bulkhead.tryAcquirePermission();
        publish("b");
        time.advanceTimeBy(Duration.ofMillis(400));

        assertThat(outcomes.get(1).code()).isEqualTo(ErrorCode.BULKHEAD_FULL);
    }

    @Test
    void aBulkheadThatWouldParkIsRefusedAtTheStart() {
        Bulkhead parking = Bulkhead.of(
                "parks",
                BulkheadConfig.custom().maxWaitDuration(Duration.ofSeconds(1)).build());
        assertThatThrownBy(() -> Resilience.consuming(parking))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }

    @Test
    void everyPermissionComesBackFromRandomEnds() {
        Bulkhead bulkhead = Bulkhead.of(
                "assess",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(8)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        Disposable subscription = run(
                consumer(builder().stage(Resilience.consuming(bulkhead, Duration.ofMillis(50))))
                        .touch(io.leasehold.lease.TouchMode.NEVER)
                        .handlerRetry(RetryPolicy.fixed(1, Duration.ofMillis(100)))
                        .handlerTimeout(Duration.ofSeconds(1)),
                delivery -> switch (calls.get() % 5) {
                    case 0 -> Mono.never();
                    case 1 -> Mono.error(new IllegalStateException("no"));
                    case 2 -> Mono.delay(Duration.ofMillis(300), time);
                    case 3 -> throw new IllegalStateException("thrown");
                    default -> Mono.empty();
                });

        for (int i = 0; i < 100; i++) {
            publish("m" + i);
            time.advanceTimeBy(Duration.ofMillis(37));
        }
        time.advanceTimeBy(Duration.ofSeconds(20));
        subscription.dispose();
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(calls.get()).isGreaterThan(100);
        assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isEqualTo(8);
    }

    @Test
    void retryIntervalsBecomeValues() {
        assertThat(Resilience.retryPolicy(IntervalFunction.of(300), 4))
                .isEqualTo(RetryPolicy.fixed(4, Duration.ofMillis(300)));
        assertThat(Resilience.retryPolicy(RetryConfig.custom()
                        .maxAttempts(5)
                        .intervalFunction(IntervalFunction.ofExponentialBackoff(200, 3, 10_000))
                        .build()))
                .isEqualTo(RetryPolicy.builder()
                        .retries(4)
                        .backoff(Backoff.builder()
                                .first(Duration.ofMillis(200))
                                .max(Duration.ofSeconds(10))
                                .factor(3)
                                .jitter(0)
                                .build())
                        .build());
        RetryPolicy random =
                Resilience.retryPolicy(IntervalFunction.ofExponentialRandomBackoff(500, 1.5, 0.5, 60_000), 9);

        assertThat(random.backoff().first()).isEqualTo(Duration.ofMillis(500));
        assertThat(random.backoff().factor()).isEqualTo(1.5);
        assertThat(random.backoff().jitter()).isEqualTo(0.5);
        assertThat(random.backoff().max()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
    }
}
