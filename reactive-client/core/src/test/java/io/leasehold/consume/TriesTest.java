package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tries under one lease: timeouts, retries, decisions. */
class TriesTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private MessageConsumer<String> consumer(boolean cancelsAtOnce) {
        MessageClient client = cancelsAtOnce
                ? room.client("at once", builder -> builder.cancelScheduler(Schedulers.immediate()))
                : room.client();
        return Room.consumer(client);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTryThatTimesOutIsFollowedByTheNext(boolean cancelsAtOnce) {
        AtomicInteger tries = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(consumer(cancelsAtOnce)
                .handlerTimeout(Duration.ofSeconds(1))
                .handlerRetry(RetryPolicy.fixed(3, Duration.ofMillis(500)))
                .handle(delivery -> tries.incrementAndGet() < 3 ? Mono.never() : Mono.empty()));

        room.publish("a");
        room.pass(Duration.ofSeconds(8));

        assertThat(tries).hasValue(3);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsExactly(1);
    }

    // The subscription is cancelled between the end of a try and the alarm of the next one.
    @Test
    void noTryFollowsTheCancelOfItsSubscription() {
        AtomicInteger tries = new AtomicInteger();
        List<Heard<Outcome>> settled = new ArrayList<>();

        room.hear(room.consumer()
                .handlerRetry(RetryPolicy.fixed(3, Duration.ofSeconds(1)))
                .retryOn(error -> {
                    settled.get(0).cancel();
                    return true;
                })
                .deliveries()
                .doOnNext(delivery -> {
                    Mono<Outcome> work = delivery.settleBy(Mono.defer(() -> {
                        tries.incrementAndGet();
                        return Mono.delay(Duration.ofMillis(100), room.time())
                                .then(Mono.error(new IllegalStateException("no")));
                    }));
                    settled.add(room.hear(settled.isEmpty() ? work : Mono.never()));
                }));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(tries).hasValue(1);
        assertThat(settled).as("given back").hasSize(2);
    }

    @Test
    void tryingOnAndOnOutlivesTheLeaseTime() {
        List<Long> tries = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerRetry(RetryPolicy.builder()
                        .retries(5)
                        .backoff(Backoff.builder()
                                .first(Duration.ofSeconds(4))
                                .max(Duration.ofSeconds(20))
                                .jitter(0)
                                .build())
                        .build())
                .handle(delivery -> {
                    tries.add(room.nanos());
                    return tries.size() < 5 ? Mono.error(new IllegalStateException("not yet")) : Mono.empty();
                }));

        room.publish("a");
        room.pass(Duration.ofMinutes(2));

        assertThat(tries).hasSize(5);
        assertThat(tries.get(4) - tries.get(0))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(48).toNanos());
        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsExactly(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void aDecisionOfATryThatFailedIsForgotten() {
        AtomicInteger tries = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerRetry(RetryPolicy.fixed(1, Duration.ofMillis(100)))
                .handle(delivery -> tries.incrementAndGet() == 1
                        ? Flux.concat(
                                Mono.just(Disposition.terminate("decided too early")),
                                Mono.error(new IllegalStateException("no")))
                        : Mono.empty()));

        room.publish("a");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void theLastDecisionCounts() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handle(delivery -> Flux.just(Disposition.nak(), "an element", Disposition.terminate("last"))));
        room.publish("a");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.TERMINATED);
    }

    @Test
    void aTimeoutIsToldApartFromALostLease() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerTimeout(Duration.ofSeconds(1))
                .redelivery(Backoff.fixed(Duration.ofSeconds(2)))
                .handle(delivery -> delivery.deliveryCount() == 1 ? Mono.never() : Mono.empty()));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.ACKED);
        assertThat(outcomes.values()).first().extracting(Outcome::code).isEqualTo(ErrorCode.HANDLER_TIMEOUT);
        assertThat(room.told().losses()).isEmpty();
    }

    @Test
    void anErrorThatIsNotWorthAnotherTryIsNotTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerRetry(RetryPolicy.fixed(5, Duration.ofMillis(100)))
                .retryOn(error -> !(error instanceof IllegalArgumentException))
                .handle(delivery -> {
                    tries.incrementAndGet();
                    return Mono.error(new IllegalArgumentException("never right"));
                }));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(tries).hasValue(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.TERMINATED);
    }

    @Test
    void aRetryThatWaitsIsGivenUpWhenTheConsumerIsCancelled() {
        AtomicInteger tries = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handlerRetry(RetryPolicy.fixed(5, Duration.ofSeconds(5)))
                .handle(delivery -> {
                    tries.incrementAndGet();
                    return Mono.error(new IllegalStateException("no"));
                }));

        room.publish("a");
        room.pass(Duration.ofSeconds(1));
        outcomes.cancel();
        room.pass(Duration.ofMillis(20));
        assertThat(room.group("assessors").queued()).as("given back").isEqualTo(1);
        room.pass(Duration.ofMinutes(1));

        assertThat(tries).hasValue(1);
    }
}
