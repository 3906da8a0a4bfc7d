package io.leasehold.test;

import static io.leasehold.consume.Outcome.Kind.ACKED;
import static io.leasehold.consume.Outcome.Kind.LOST;
import static io.leasehold.test.LeaseScenarioTest.consumer;
import static io.leasehold.test.LeaseScenarioTest.handling;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Each assertion of the kit can fail, and says then what was expected, what was seen and what had happened when. */
class AssertionsThatFailTest {
    private static final Duration T = Duration.ofSeconds(10);
    private static final String TOPIC = "orders.created";

    private static void assertFails(ThrowingCallable assertion, String... texts) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(texts);
    }

    private static void in(Consumer<LeaseScenario> test) {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            test.accept(scenario);
        }
    }

    private static void withOneAcked(Consumer<LeaseScenario> test) {
        in(scenario -> {
            scenario.member("one", handling(delivery -> Mono.fromRunnable(() -> scenario.effect("billed"))));
            scenario.publish(TOPIC, "a", "a");
            test.accept(scenario);
        });
    }

    @Test
    void anotherOutcomeFails() {
        withOneAcked(scenario -> assertFails(
                () -> scenario.assertOutcomes("one", LOST),
                "the outcomes of one to be [LOST]",
                "they were [ACKED]",
                "publishes a to orders.created",
                "is handed a (delivery 1)",
                "outcome ACKED of a",
                "0.000 s"));
    }

    @Test
    void anotherEffectOrOrderFails() {
        withOneAcked(scenario -> {
            assertFails(() -> scenario.assertEffects(), "the effects to be []", "[billed]");
            assertFails(() -> scenario.assertDone("b"), "[b]", "[a]");
            assertFails(() -> scenario.assertDelivered("one", "a", "a"), "[a, a]", "they were [a]");
        });
    }

    @Test
    void anAssertionWithinAHandlerFailsAtTheEnd() {
        assertFails(
                () -> in(scenario -> {
                    scenario.member("one", handling(delivery -> {
                        throw new AssertionError("another body");
                    }));
                    scenario.publish(TOPIC, "a", "a").leaveHeld();
                }),
                "one threw",
                "another body");
        assertFails(
                () -> {
                    try (TestDelivery<String> delivery = TestDelivery.of("a")) {
                        delivery.handle(given -> Mono.error(new AssertionError("another body")));
                    }
                },
                "another body");
    }

    @Test
    void anEffectThatWasDoneTwiceFails() {
        withOneAcked(scenario -> {
            scenario.assertEffectsOnce();
            scenario.publish(TOPIC, "b", "b");

            assertFails(scenario::assertEffectsOnce, "'billed' was done twice, then by one");
        });
    }

    // It does its work on a thread that no cancel reaches.
    private static Mono<Void> heedless(Runnable act) {
        return Mono.create(sink -> {
            Schedulers.parallel().schedule(act, 2 * T.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        });
    }

    @Test
    void aRunThatDoesNotHeedItsLossFailsWithWhatItDoesAsAnOrphan() {
        LeaseScenario scenario = LeaseScenario.create();
        scenario.member(
                "one",
                client -> consumer(client)
                        .touch(TouchMode.NEVER)
                        .handle(delivery -> delivery.deliveryCount() > 1
                                ? Mono.fromRunnable(() -> scenario.effect(delivery, "billed"))
                                : heedless(() -> scenario.effect(delivery, "billed"))));
        scenario.publish(TOPIC, "a", "a").expire().redeliver("one").pass(T.multipliedBy(2));
        scenario.assertOutcomes("one", LOST, ACKED);

        assertFails(() -> scenario.assertEffects("billed"), "they were [billed, billed]");
        assertFails(scenario::assertEffectsOnce, "'billed' was done twice");
        assertFails(scenario::close, "one did 'billed' after it had lost the lease", "(AS AN ORPHAN)");
    }

    @Test
    void whatAnOrphanDoesWithoutItsDeliveryIsFoundToo() {
        LeaseScenario scenario = LeaseScenario.create();
        scenario.member("one", handling(delivery -> heedless(() -> scenario.effect("billed"))));
        scenario.publish(TOPIC, "a", "a").freeze("one").expire();
        scenario.member("two", handling(delivery -> Mono.empty())).redeliver("two");
        scenario.pass(T).thaw("one").pass(T);

        assertFails(scenario::assertEffectsOnce, "no effect of an orphan", "one did 'billed'");
        assertFails(scenario::close, "one did 'billed' after it had lost the lease");
    }

    @Test
    void aDeliveryThatIsStillHeldFailsAtTheEnd() {
        LeaseScenario scenario = LeaseScenario.create();
        scenario.member("one", handling(delivery -> Mono.never()));
        scenario.publish(TOPIC, "a", "a");

        assertFails(
                scenario::assertNothingHeld, "no run to go on", "one has in hand", "STARTED", "the broker has lent 1");
        assertFails(scenario::close, "nothing to be left at the end", "one has in hand");
    }

    @Test
    void aRunThatGoesOnAfterItsLeaseFailsAtTheEnd() {
        LeaseScenario scenario = LeaseScenario.create();
        scenario.member(
                "one",
                client -> consumer(client)
                        .touch(TouchMode.NEVER)
                        .handle(delivery -> delivery.deliveryCount() > 1
                                ? Mono.empty()
                                : delivery.lease()
                                        .bind(Mono.just("lock"), lock -> Mono.delay(Duration.ofHours(1)))
                                        .then(Mono.never())));
        scenario.publish(TOPIC, "a", "a").expire();
        scenario.member("two", handling(delivery -> Mono.empty())).redeliver("two");

        assertFails(scenario::close, "one has in hand", "ORPHAN");
    }

    @Test
    void aMemberThatIsStillFrozenFailsAtTheEnd() {
        LeaseScenario scenario = LeaseScenario.create();
        scenario.member("one", handling(delivery -> Mono.empty())).freeze("one");

        assertFails(scenario::close, "one is still frozen");
    }

    @Test
    void whatIsHeldMayBeLeft() {
        in(scenario -> scenario.member("one", handling(delivery -> Mono.never()))
                .publish(TOPIC, "a", "a")
                .leaveHeld());
    }

    @Test
    void aLeaseThatIsExtendedOrSettledDoesNotRunOut() {
        in(scenario -> {
            scenario.member("one", handling(delivery -> Mono.never())).leaveHeld();
            scenario.publish(TOPIC, "a", "a");

            assertFails(scenario::expire, "to run out", "one has extended it", "extends the lease of a");
        });
        withOneAcked(scenario -> assertFails(scenario::expire, "to run out", "it was settled: ACK"));
    }

    @Test
    void aMessageThatIsNotRedeliveredFails() {
        withOneAcked(scenario -> assertFails(() -> scenario.redeliver("one"), "one to be handed a", "it was not"));
    }

    @Test
    void stepsWithoutADeliveryFail() {
        in(scenario -> {
            scenario.member("one", handling(delivery -> Mono.empty()));

            assertFails(() -> scenario.deliver("one"), "one to hold a delivery", "it was handed none");
            assertFails(scenario::expire, "nobody was handed one");
            assertFails(() -> scenario.lateAck("one"), "handed something to ack");
            scenario.publish(TOPIC, "a", "a");
            assertFails(() -> scenario.deliver("one"), "has ended");
        });
    }

    @Test
    void aPublishThatTheBrokerRefusesFails() {
        in(scenario -> {
            scenario.member("one", handling(delivery -> Mono.empty()));
            String large = "x".repeat(20_000_000);

            assertFails(() -> scenario.publish(TOPIC, "a", large), "the broker to take a");
        });
    }

    @Test
    void anOutcomeThatIsAsExpectedDoesNotFail() {
        withOneAcked(scenario -> scenario.assertOutcomes("one", ACKED)
                .assertEffects("billed")
                .assertDone("a")
                .assertNothingHeld());
    }
}
