package io.leasehold.test;

import static io.leasehold.consume.Outcome.Kind.ACKED;
import static io.leasehold.consume.Outcome.Kind.DEAD_LETTERED;
import static io.leasehold.consume.Outcome.Kind.LOST;
import static io.leasehold.consume.Outcome.Kind.NAKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.broker.Capabilities;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class LeaseScenarioTest {
    private static final Duration T = Duration.ofSeconds(10);
    private static final String TOPIC = "orders.created";

    static MessageConsumer<String> consumer(MessageClient client) {
        return client.consumer("orders.>", "billing", String.class).leaseTime(T);
    }

    static Function<MessageClient, Flux<Outcome>> handling(Handler<String> handler) {
        return client -> consumer(client).handle(handler);
    }

    private static Mono<Void> after(Duration duration, Runnable act) {
        return Mono.delay(duration).then(Mono.fromRunnable(act));
    }

    @Test
    void aFrozenMemberDoesNothingAndItsClockStands() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            List<Long> seconds = new ArrayList<>();
            scenario.member(
                    "one",
                    handling(delivery -> Flux.interval(Duration.ofSeconds(1))
                            .take(4)
                            .doOnNext(any -> seconds.add(Schedulers.parallel().now(TimeUnit.SECONDS)))));
            scenario.publish(TOPIC, "a", "a").pass(Duration.ofSeconds(2));

            scenario.freeze("one").pass(Duration.ofSeconds(3));
            assertThat(seconds).containsExactly(1L, 2L);
            scenario.thaw("one").pass(Duration.ofSeconds(3));

            assertThat(seconds).startsWith(1L, 2L, 5L).hasSize(4);
            scenario.assertOutcomes("one", ACKED);
        }
    }

    @Test
    void theLeaseOfAFrozenMemberStandsAndIsOverWhenItWakes() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            AtomicReference<Lease> lease = new AtomicReference<>();
            scenario.member("one", handling(delivery -> {
                lease.compareAndSet(null, delivery.lease());
                return delivery.deliveryCount() == 1 ? Mono.never() : Mono.empty();
            }));
            scenario.publish(TOPIC, "a", "a").freeze("one");
            Duration remaining = lease.get().remaining();

            scenario.expire();
            assertThat(lease.get().remaining()).isPositive().isEqualTo(remaining);
            scenario.thaw("one");

            assertThat(lease.get().remaining()).isZero();
            scenario.assertOutcomes("one", LOST, ACKED);
        }
    }

    @Test
    void aMemberThatWakesAfterItsLeaseHasLostItBeforeAnyTimerRuns() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> after(T, () -> scenario.effect(delivery, "billed"))));
            scenario.publish(TOPIC, "a", "a");

            scenario.freeze("one").expire().pass(T);
            Mono<?> ack = scenario.lateAck("one");
            scenario.thaw("one").assertOutcomes("one", LOST).assertEffects();

            StepVerifier.create(ack).verifyErrorMatches(LeaseScenarioTest::isLost);
            scenario.pass(T).assertOutcomes("one", LOST, ACKED).assertEffects("billed");
        }
    }

    private static boolean isLost(Throwable error) {
        return MessagingException.codeOf(error) == ErrorCode.LEASE_LOST;
    }

    @Test
    void aLeaseThatNobodyExtendsRunsOutAndTheMessageGoesToAnotherMember() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member(
                    "one", client -> consumer(client).touch(TouchMode.NEVER).handle(delivery -> Mono.never()));
            scenario.publish(TOPIC, "a", "a").deliver("one");

            scenario.member("two", handling(delivery -> Mono.empty()));
            scenario.client("one").group("billing").pause().subscribe();
            scenario.expire().redeliver("two");

            scenario.assertOutcomes("one", LOST).assertOutcomes("two", ACKED).assertDone("a");
            scenario.assertDelivered("one", "a").assertDelivered("two", "a").assertNothingHeld();
        }
    }

    @Test
    void theAckOfAHandlerThatWasTooLateIsRefusedAndTheOtherOnesCounts() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> Mono.never()));
            scenario.publish(TOPIC, "a", "a").freeze("one").expire();
            scenario.member("two", handling(delivery -> after(T, () -> {})))
                    .redeliver("two")
                    .thaw("one");

            StepVerifier.create(scenario.lateAck("one")).verifyErrorMatches(LeaseScenarioTest::isLost);
            scenario.pass(T);

            scenario.assertOutcomes("one", LOST).assertOutcomes("two", ACKED);
        }
    }

    @Test
    void messagesAreHandedOutAndDoneInOrder() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", client -> consumer(client).concurrency(1).handle(delivery -> Mono.empty()));

            scenario.publish(TOPIC, "a", "1").publish(TOPIC, "b", "2").publish(TOPIC, "c", "3");

            scenario.assertDelivered("one", "a", "b", "c").assertDone("a", "b", "c");
            scenario.assertOutcomes("one", ACKED, ACKED, ACKED).assertNothingHeld();
        }
    }

    @Test
    void aPoisonedBodyNeverReachesTheHandler() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member(
                    "one",
                    client -> consumer(client)
                            .deadLetterTo("dead.orders")
                            .handle(delivery -> Mono.fromRunnable(() -> scenario.effect(delivery.body()))));

            scenario.poison(TOPIC).publish(TOPIC, "a", "a");

            scenario.assertOutcomes("one", DEAD_LETTERED, ACKED).assertEffects("a");
        }
    }

    @Test
    void bodiesOfAnyTypeArePublishedAndPoisoned() {
        Codecs numbers = Codecs.of(Integer.class, new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                return new byte[] {value.byteValue()};
            }

            @Override
            public Integer decode(Message message) {
                return (int) message.bytes()[0];
            }
        });
        try (LeaseScenario scenario = LeaseScenario.create().codecs(numbers)) {
            scenario.member(
                    "one",
                    client -> client.consumer("orders.>", "billing", Integer.class)
                            .retryOn(any -> false)
                            .deadLetterTo("dead.orders")
                            .handle(delivery -> Mono.fromRunnable(() -> scenario.effect("number " + delivery.body()))));

            scenario.publish(Message.to(TOPIC).id("a").body(7)).poison(TOPIC);

            scenario.assertOutcomes("one", ACKED, DEAD_LETTERED).assertEffects("number 7");
        }
    }

    @Test
    void aMemberThatIsDisconnectedKeepsItsLeaseWhereLeasesAreTheBrokers() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> after(Duration.ofSeconds(1), () -> {})));
            scenario.publish(TOPIC, "a", "a").disconnect("one").pass(Duration.ofSeconds(1));

            scenario.assertOutcomes("one", ACKED);
        }
    }

    @Test
    void aMemberThatIsDisconnectedLosesItsLeaseWhereLeasesAreTheConnections() {
        EmbeddedSettings settings = EmbeddedSettings.builder()
                .plays(Capabilities.fenced().withLeasesOfTheConnection())
                .build();
        try (LeaseScenario scenario = LeaseScenario.on(settings)) {
            scenario.member("one", handling(delivery -> after(Duration.ofSeconds(1), () -> {})));
            scenario.publish(TOPIC, "a", "a").disconnect("one").pass(Duration.ofSeconds(2));

            scenario.assertOutcomes("one", LOST, ACKED);
            StepVerifier.create(scenario.outcomes("one").take(1).map(Outcome::loss))
                    .expectNext(LeaseLoss.CONNECTION_LOST)
                    .verifyComplete();
        }
    }

    @Test
    void aFailedMessageIsDeliveredAgainAfterItsPause() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            Backoff pause = Backoff.fixed(Duration.ofSeconds(5));
            scenario.member(
                    "one",
                    client -> consumer(client)
                            .redelivery(pause)
                            .handle(delivery -> delivery.deliveryCount() == 1
                                    ? Mono.error(new IllegalStateException("no"))
                                    : Mono.empty()));

            scenario.publish(TOPIC, "a", "a").redeliver("one");

            scenario.assertOutcomes("one", NAKED, ACKED).assertDelivered("one", "a", "a");
        }
    }

    @Test
    void aFrozenMemberIsHandedNothingNewAndWhatItPublishesWaits() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> Mono.empty()));
            scenario.member("two", handling(delivery -> Mono.empty()));
            scenario.freeze("one");
            scenario.client("one")
                    .publish(Message.to(TOPIC).id("own").body("own"))
                    .subscribe();

            scenario.publish(TOPIC, "a", "a").publish(TOPIC, "b", "b");
            scenario.assertDelivered("one").assertDelivered("two", "a", "b");
            scenario.thaw("one");

            scenario.assertDone("a", "b", "own");
        }
    }

    @Test
    void onABrokerThatChecksNoTokensALateAckIsNotWrittenEither() {
        EmbeddedSettings settings =
                EmbeddedSettings.builder().mode(EmbeddedMode.NATS_LIKE).build();
        try (LeaseScenario scenario = LeaseScenario.on(settings)) {
            scenario.member("one", handling(delivery -> Mono.never()));
            scenario.publish(TOPIC, "a", "a").freeze("one").expire();
            scenario.member("two", handling(delivery -> after(T, () -> scenario.effect(delivery, "billed"))));
            scenario.redeliver("two");
            Mono<?> ack = scenario.lateAck("one");
            scenario.thaw("one").pass(T);

            StepVerifier.create(ack).verifyErrorMatches(LeaseScenarioTest::isLost);
            scenario.assertOutcomes("one", LOST).assertOutcomes("two", ACKED).assertEffects("billed");
        }
    }

    @Test
    void stepsSpeakOfTheDeliveryThatWasChosen() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", client -> consumer(client).concurrency(1).handle(delivery -> Mono.never()));
            scenario.publish(TOPIC, "a", "a").deliver("one").freeze("one");
            scenario.member("two", handling(delivery -> Mono.empty()));
            scenario.publish(TOPIC, "b", "b").deliver("one").expire().redeliver("two");
            scenario.thaw("one");

            scenario.assertOutcomes("one", LOST).assertDone("b", "a");
        }
    }

    @Test
    void aStepVerifierSeesTheOutcomesOfAMemberAsTimePasses() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> after(Duration.ofMinutes(1), () -> {})));
            scenario.publish(TOPIC, "a", "a");

            StepVerifier.withVirtualTime(
                            () -> scenario.outcomes("one").map(Outcome::kind), scenario::virtualTime, Long.MAX_VALUE)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(59))
                    .thenAwait(Duration.ofSeconds(1))
                    .expectNext(ACKED)
                    .then(() -> scenario.publish(TOPIC, "b", "b"))
                    .thenAwait(Duration.ofMinutes(1))
                    .expectNext(ACKED)
                    .thenCancel()
                    .verify();

            scenario.publish(TOPIC, "c", "c").pass(Duration.ofMinutes(1));
            scenario.assertOutcomes("one", ACKED, ACKED, ACKED);
        }
    }

    @Test
    void aMemberIsFrozenInTheMidstOfAStepVerifier() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> after(Duration.ofSeconds(1), () -> {})));

            StepVerifier.withVirtualTime(
                            () -> scenario.outcomes("one").map(Outcome::kind), scenario::virtualTime, Long.MAX_VALUE)
                    .expectSubscription()
                    .then(() -> scenario.publish(TOPIC, "a", "a").freeze("one"))
                    .expectNoEvent(Duration.ofSeconds(5))
                    .then(() -> scenario.thaw("one"))
                    .expectNext(ACKED)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void aScenarioThatCannotBeMadeLeavesNothingBehind() {
        assertThatThrownBy(() -> LeaseScenario.on(null)).isInstanceOf(RuntimeException.class);

        assertThat(Mono.delay(Duration.ofMillis(1)).block(T)).isZero();
    }

    @Test
    void whatTheTestAskedOfAFrozenMemberComesBeforeItsTimers() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            List<String> order = new ArrayList<>();
            scenario.member("one", handling(delivery -> after(Duration.ofSeconds(1), () -> order.add("timer"))));
            scenario.publish(TOPIC, "a", "a").freeze("one").pass(Duration.ofSeconds(2));
            Mono<SettleAnswer> late = scenario.lateAck("one").doOnTerminate(() -> order.add("ack"));
            late.subscribe(answer -> {}, error -> {});

            scenario.thaw("one");

            assertThat(order).first().isEqualTo("ack");
        }
    }

    @Test
    void anotherThreadMayNotOpenAScenarioMeanwhile() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            AtomicReference<Throwable> refused = new AtomicReference<>();
            Thread other = new Thread(() -> {
                try (LeaseScenario second = LeaseScenario.create()) {
                    second.pass(T);
                } catch (IllegalStateException expected) {
                    refused.set(expected);
                }
            });
            other.start();
            Threads.await("the other thread", T, () -> !other.isAlive());

            assertThat(refused.get()).hasMessageContaining("another thread has a scenario open");
            scenario.pass(T);
        }
    }

    @Test
    void aBlockingHandlerNotesItsEffects() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(Handler.blocking(delivery -> {
                scenario.effect(delivery, "billed");
                delivery.lease().ack().subscribe();
            })));
            scenario.publish(TOPIC, "a", "a");
            List<Outcome> outcomes = new ArrayList<>();
            scenario.outcomes("one").subscribe(outcomes::add);
            Threads.await("the outcome", T, () -> {
                scenario.pass(Duration.ZERO);
                return !outcomes.isEmpty();
            });

            scenario.assertOutcomes("one", ACKED).assertEffects("billed").assertEffectsOnce();
        }
    }

    @Test
    void theDefaultSchedulersAreRealAgainAtTheEnd() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            assertThat(Schedulers.parallel().now(TimeUnit.NANOSECONDS))
                    .isEqualTo(scenario.virtualTime().now(TimeUnit.NANOSECONDS));
        }

        StepVerifier.create(Mono.delay(Duration.ofMillis(1)))
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aBlockingHandlerKeepsItsThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (LeaseScenario scenario = LeaseScenario.create()) {
            List<Outcome> outcomes = new ArrayList<>();
            scenario.member("one", handling(Handler.blocking(delivery -> thread.set(Thread.currentThread()))));
            scenario.outcomes("one").subscribe(outcomes::add);
            scenario.publish(TOPIC, "a", "a");
            Threads.await("the outcome", T, () -> {
                scenario.pass(Duration.ZERO);
                return !outcomes.isEmpty();
            });

            scenario.assertOutcomes("one", ACKED);
            assertThat(thread.get()).isNotNull().isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void aMemberIsToldByNameWhenThereIsNone() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", handling(delivery -> Mono.empty()));

            assertThatThrownBy(() -> scenario.freeze("two"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no member two");
            assertThatThrownBy(() -> scenario.member("one", handling(delivery -> Mono.empty())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
