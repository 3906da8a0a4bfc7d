package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.SettleVerb;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Deliveries that a pipeline does not take on: its source ends before it, or its operators drop them. */
class PipelineEndsTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final AtomicInteger started = new AtomicInteger();

    private MessageConsumer<String> fed() {
        return Room.consumer(room.client("fed", builder -> builder.broker(broker)));
    }

    private Mono<Void> work(Duration takes) {
        return Mono.defer(() -> {
            started.incrementAndGet();
            return Mono.delay(takes, room.time()).then();
        });
    }

    private Flux<Outcome> untilStopped(Flux<Delivery<String>> deliveries, Duration takes) {
        return deliveries.takeUntilOther(stop.asMono()).flatMap(delivery -> delivery.settleBy(work(takes)), 8);
    }

    // ---- the source ends before the pipeline

    @Test
    void whenItsSourceEndsAPipelineIsGivenNothingMoreAndWhatWaitsIsReleasedOnce() {
        Heard<Outcome> outcomes =
                room.hear(room.consumer().through(flux -> untilStopped(flux, Duration.ofSeconds(60))));
        room.publish(20);
        assertThat(started).hasValue(8);
        assertThat(room.group("assessors").held()).isEqualTo(8);

        stop.tryEmitEmpty();
        room.pass(SOON);
        long released = room.told().count(Kind.RELEASED) + outcomes.values().size();
        room.pass(Duration.ofSeconds(30));

        assertThat(started).as("those that ran go on").hasValue(8);
        assertThat(released).isLessThanOrEqualTo(12);
        assertThat(room.told().count(Kind.RELEASED) + outcomes.values().size()).isEqualTo(released);
        assertThat(room.group("assessors").queued()).isEqualTo(12);
        room.pass(Duration.ofSeconds(60));
        assertThat(Room.kinds(outcomes)).hasSize(8).containsOnly(Outcome.Kind.ACKED);
        assertThat(outcomes.hasCompleted()).isTrue();
    }

    @Test
    void afterItsSourceHasEndedNoCreditIsLeftAndWhatStillComesIsGivenBackOnce() {
        Heard<Outcome> outcomes = room.hear(fed().prefetch(4).through(flux -> untilStopped(flux, Duration.ofHours(1))));
        for (int i = 0; i < 12; i++) {
            broker.feed("m" + i, 1);
        }
        room.pass(SOON);
        assertThat(started).hasValue(8);

        stop.tryEmitEmpty();
        room.pass(SOON);
        broker.feed("late", 1);
        room.pass(Duration.ofMinutes(1));

        assertThat(broker.credit()).as("as many as have come").isEqualTo(12 + 1);
        for (String ref : List.of("m8", "m9", "m10", "m11", "late")) {
            assertThat(broker.verbsOf(ref)).as(ref).containsExactly(SettleVerb.NAK);
        }
        assertThat(outcomes.hasEnded()).isFalse();
    }

    @Test
    void whatAPipelineGaveBackIsNotTakenForWhatNeverFinishes() {
        MessageConsumer<String> consumer =
                room.consumer().maxDeliveries(2).maxUnfinishedDeliveries(3).deadLetterTo("dead.quakes");
        for (int i = 0; i < 6; i++) {
            Heard<Outcome> outcomes = room.hear(consumer.through(flux -> flux.take(1)
                    .delayElements(SOON, room.time())
                    .flatMap(delivery -> delivery.settleBy(Mono.never()))));
            if (i == 0) {
                room.publish(1);
            }
            room.pass(Duration.ofMillis(500));
            outcomes.cancel();
            room.pass(SOON);
        }
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void anErrorOfThePipelineAfterItsSourceHasEndedIsHeard() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .through(flux -> flux.take(1)
                        .flatMap(delivery -> delivery.settleBy(Mono.empty()))
                        .then(Mono.delay(SOON, room.time()))
                        .then(Mono.error(new IllegalStateException("at the end")))));
        room.publish(3);

        room.pass(Duration.ofSeconds(3));

        assertThat(outcomes.hasEnded()).isTrue();
        assertThat(outcomes.code()).isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    // ---- an operator drops deliveries

    @Test
    void whatAnOperatorDropsIsGivenBackWithAGrowingPauseAndTheOthersAreWorkedOn() {
        Map<String, List<Long>> seen = new HashMap<>();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(64)
                .redelivery(Backoff.builder()
                        .first(SOON)
                        .max(Duration.ofMinutes(1))
                        .jitter(0)
                        .build())
                .through(flux -> flux.doOnNext(
                                delivery -> seen.computeIfAbsent(delivery.body(), any -> new ArrayList<>())
                                        .add(room.nanos()))
                        .filter(delivery -> Integer.parseInt(delivery.body()) >= 64)
                        .flatMap(delivery -> delivery.settleBy(work(SOON)), 64)));
        room.publish(65);

        room.pass(Duration.ofSeconds(20));

        assertThat(Room.kinds(outcomes).stream().filter(kind -> kind == Outcome.Kind.ACKED))
                .hasSize(1);
        assertThat(seen.get("0")).as("after 1, 2, 4 and 8 s").hasSize(5);
        assertThat(room.told().count(Kind.ABANDONED)).isEqualTo(64 * 5);
    }

    @Test
    void whatAnOperatorCancelsIsGivenBackWithAGrowingPauseAndTold() {
        List<Integer> deliveries = new ArrayList<>();
        room.hear(room.consumer()
                .concurrency(8)
                .redelivery(Backoff.builder()
                        .first(SOON)
                        .max(Duration.ofMinutes(1))
                        .jitter(0)
                        .build())
                .through(flux -> flux.doOnNext(delivery -> deliveries.add(delivery.deliveryCount()))
                        .switchMap(delivery -> delivery.settleBy(Mono.never()))));
        room.publish(2);

        room.pass(Duration.ofSeconds(20));

        assertThat(deliveries).as("of the two").hasSizeLessThan(2 * 6);
        assertThat(room.told().count(Kind.ABANDONED)).isBetween(2L, 2L * 5);
    }

    @Test
    void whatTimesOutInAPipelineComesAgainAfterAPause() {
        List<Long> seen = new ArrayList<>();
        room.hear(room.consumer()
                .redelivery(Backoff.builder()
                        .first(SOON)
                        .max(Duration.ofMinutes(1))
                        .jitter(0)
                        .build())
                .through(flux -> flux.doOnNext(delivery -> seen.add(room.nanos()))
                        .flatMap(delivery -> delivery.settleBy(Mono.never())
                                .timeout(Duration.ofMillis(200), room.time())
                                .onErrorResume(error -> Mono.empty()))));
        room.publish("a");

        room.pass(Duration.ofSeconds(20));

        assertThat(seen).as("after 1, 2, 4 and 8 s").hasSize(5);
    }

    @Test
    void whatIsDroppedIsGivenBackAlsoWhenItWasKept() {
        room.hear(fed().through(flux -> flux.map(Delivery::keep).filter(delivery -> false)));
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(broker.verbsOf("m")).containsExactly(SettleVerb.NAK);
    }

    // ---- keeping what runs already

    @Test
    void toKeepADeliveryWhoseWorkRunsChangesNothing() {
        AtomicInteger cancelled = new AtomicInteger();
        room.hear(fed().handle(delivery -> {
            delivery.keep();
            return delivery.lease().nak().then(Mono.never()).doOnCancel(cancelled::incrementAndGet);
        }));
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(broker.settled).extracting(HandFedBroker.Settled::release).containsExactly(false);
        assertThat(broker.settled.get(0).delayNanos()).isPositive();
        assertThat(cancelled).as("ended before somebody else may have it").hasValue(1);
    }
}
