package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Listeners are started, stopped, paused and resumed by their ids. */
class ListenerRegistryTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Probe probe = new Probe();
    private final Desk desk = new Desk();
    private final ApplicationContextRunner runner = Contexts.runner()
            .withBean(Probe.class, () -> probe)
            .withBean(Desk.class, () -> desk)
            .withPropertyValues("leasehold.consumer.drain-timeout=5s");

    private static LeaseListenerRegistry registryOf(AssertableApplicationContext context) {
        return context.getBean(LeaseListenerRegistry.class);
    }

    private static void stop(LeaseListenerRegistry registry) {
        StepVerifier.create(registry.stop("assessors")).expectComplete().verify(LIMIT);
    }

    @Test
    void aStoppedListenerTakesNothingUntilItIsStartedAgain() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            desk.release();
            Probe.publish(context, Message.to("quakes.nc").body("a"));
            probe.await(1);
            stop(registry);
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPED);

            Probe.publish(context, Message.to("quakes.nc").body("b"));
            assertThat(desk.seen).containsExactly("a");

            registry.start("assessors");
            registry.start("assessors");
            probe.await(2);

            assertThat(desk.seen).containsExactly("a", "b");
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.RUNNING);
        });
    }

    @Test
    void stoppingLetsRunsFinish() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            Probe.publish(context, Message.to("quakes.nc").body("a"));
            desk.awaitSeen(1);
            StepVerifier stopped = StepVerifier.create(registry.stop("assessors"))
                    .expectComplete()
                    .verifyLater();
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPING);

            desk.release();
            stopped.verify(LIMIT);

            assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        });
    }

    @Test
    void atTheLimitTheRestIsCancelledAndGivenBack() {
        runner.withPropertyValues("leasehold.listeners.assessors.drain-timeout=100ms")
                .run(context -> {
                    Probe.publish(context, Message.to("quakes.nc").body("a"));
                    desk.awaitSeen(1);
                    stop(registryOf(context));
                    assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.RELEASED);

                    desk.release();
                    registryOf(context).start("assessors");

                    assertThat(probe.await(2)).extracting(Outcome::kind).endsWith(Outcome.Kind.ACKED);
                    assertThat(desk.seen).containsExactly("a", "a");
                });
    }

    @Test
    void oneThatIsStoppingStartsWhenItHasStopped() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            Probe.publish(context, Message.to("quakes.nc").body("a"));
            desk.awaitSeen(1);
            registry.stop("assessors").subscribe();
            registry.start("assessors");
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPING);

            desk.release();
            Probe.publish(context, Message.to("quakes.nc").body("b"));
            probe.await(2);

            assertThat(desk.seen).containsExactly("a", "b");
        });
    }

    @Test
    void aPausedListenerTakesNothingUntilItIsResumed() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            desk.release();
            registry.pause("assessors");
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.PAUSED);

            Probe.publish(context, Message.to("quakes.nc").body("a"));
            EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> broker.stats().groups().get(0).queued() == 1);
            assertThat(desk.seen).isEmpty();

            registry.resume("assessors");
            probe.await(1);

            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.RUNNING);
        });
    }

    @Test
    void aPausedListenerCanBeStopped() {
        runner.run(context -> {
            registryOf(context).pause("assessors");
            stop(registryOf(context));

            assertThat(registryOf(context).status("assessors").phase()).isEqualTo(Phase.STOPPED);
        });
    }

    @Test
    void whatDoesNotRunIsLeftAlone() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            stop(registry);
            stop(registry);
            registry.pause("assessors");
            registry.resume("assessors");

            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPED);
        });
    }

    @Test
    void anUnknownIdIsRefusedAndTheKnownOnesAreNamed() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);

            assertThatThrownBy(() -> registry.start("nobody"))
                    .isInstanceOfSatisfying(MessagingException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                        assertThat(refused).hasMessageContaining("'nobody'").hasMessageContaining("assessors");
                    });
            StepVerifier.create(registry.stop("nobody"))
                    .expectError(MessagingException.class)
                    .verify(LIMIT);
        });
    }

    @Test
    void aListenerWhoseGroupIsGoneSaysSoAndMakesItAnew() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);
            EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
            // Whoever looks late sees it at work again.
            ListenerStatus gone = Awaitility.await()
                    .atMost(LIMIT)
                    .until(
                            () -> {
                                if (registry.status("assessors").phase() == Phase.RUNNING) {
                                    broker.deleteGroup("assessors");
                                }
                                return registry.status("assessors");
                            },
                            status -> status.phase() == Phase.RETRYING);
            assertThat(gone.code()).isEqualTo(ErrorCode.GROUP_GONE);
            assertThat(gone.problem()).contains("LH-401");

            desk.release();
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> registry.status("assessors").phase() == Phase.RUNNING);
            // It runs a moment before it is at the broker.
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> !broker.stats().groups().isEmpty());

            Probe.publish(context, Message.to("quakes.nc").body("a"));
            probe.await(1);

            assertThat(registry.status("assessors").code()).isNull();
        });
    }

    @Test
    void aConsumerThatSomebodyElseDrainsHasStopped() {
        runner.run(context -> {
            LeaseListenerRegistry registry = registryOf(context);

            StepVerifier.create(context.getBean(MessageClient.class)
                            .consumer("quakes.>", "assessors", String.class)
                            .control()
                            .drain(Duration.ZERO))
                    .expectComplete()
                    .verify(LIMIT);
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> registry.status("assessors").phase() == Phase.STOPPED);
        });
    }

    static Stream<Throwable> throwables() {
        return Stream.of(
                new IllegalStateException("planted"),
                new AssertionError("planted"),
                new NoClassDefFoundError("planted"),
                new StackOverflowError("planted"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void anObserverThatThrowsDisturbsNobody(Throwable planted) {
        runner.withBean("faulty", LeaseOutcomeObserver.class, () -> (listener, outcome) -> sneak(planted))
                .run(context -> {
                    desk.release();
                    Probe.publish(context, Message.to("quakes.nc").body("a"));
                    Probe.publish(context, Message.to("quakes.nc").body("b"));

                    assertThat(probe.await(2)).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
                });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** Works until it is released. */
    static final class Desk {
        final List<String> seen = new CopyOnWriteArrayList<>();
        private final Sinks.Empty<Void> released = Sinks.empty();

        void release() {
            released.tryEmitEmpty();
        }

        void awaitSeen(int count) {
            Awaitility.await().atMost(LIMIT).until(() -> seen.size() >= count);
        }

        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            seen.add(body);
            return released.asMono();
        }
    }
}
