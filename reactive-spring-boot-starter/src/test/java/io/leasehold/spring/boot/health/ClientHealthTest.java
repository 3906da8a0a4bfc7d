package io.leasehold.spring.boot.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import io.leasehold.spring.boot.listener.ListenerStatus;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A client is DOWN when it cannot do its work, and says why; long work under leases is no such reason. */
class ClientHealthTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ApplicationContextRunner runner = Contexts.runner()
            .withConfiguration(AutoConfigurations.of(LeaseholdHealthAutoConfiguration.class))
            .withPropertyValues(
                    "leasehold.health.stuck-after=300ms",
                    "leasehold.consumer.concurrency=1",
                    "leasehold.consumer.drain-timeout=0s");

    static Health healthIn(AssertableApplicationContext context) {
        ReactiveHealthIndicator indicator =
                context.getBean("leaseholdHealthContributor", ReactiveHealthIndicator.class);
        return indicator.health().block(LIMIT);
    }

    private static void awaitDown(AssertableApplicationContext context, String problem) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertDown(context, problem));
    }

    private static void assertDown(AssertableApplicationContext context, String problem) {
        Health health = healthIn(context);

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(String.valueOf(health.getDetails().get("problems"))).contains(problem);
    }

    // What has not begun yet is not at work: on a machine with much else to do that may take longer than it may wait.
    private static void awaitRunning(AssertableApplicationContext context) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> String.valueOf(healthIn(context).getDetails()).contains("running=1"));
    }

    private static void assertStaysUp(AssertableApplicationContext context) {
        AtomicInteger looks = new AtomicInteger();
        Awaitility.await().atMost(LIMIT).until(() -> {
            Health health = healthIn(context);
            // A machine that stands still for a second does not answer in time.
            if (!String.valueOf(health.getDetails()).contains("does not answer")) {
                assertThat(health.getStatus()).isEqualTo(Status.UP);
                looks.incrementAndGet();
            }
            return looks.get() > 8;
        });
    }

    private static void publish(AssertableApplicationContext context, String topic) {
        context.getBean(MessageClient.class)
                .publish(Message.to(topic).body("a"))
                .block(LIMIT);
    }

    @Test
    void oneThatWorksIsUpAndShowsWhatItHolds() {
        runner.withBean(Works.class).run(context -> {
            publish(context, "works");

            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                Health health = healthIn(context);

                assertThat(health.getStatus()).isEqualTo(Status.UP);
                assertThat(health.getDetails()).containsKeys("broker", "listeners", "groups");
                assertThat(String.valueOf(health.getDetails())).contains("works=RUNNING");
            });
        });
    }

    @Test
    void longWorkUnderItsLeaseIsNoReasonToBeDown() {
        runner.withBean(Long.class).run(context -> {
            publish(context, "long");
            awaitRunning(context);
            publish(context, "long");

            assertStaysUp(context);
        });
    }

    // Slots are free, and what waits may not be begun before the long one has ended.
    @Test
    void longWorkThatOthersOfItsKeyWaitForIsNoReasonToBeDown() {
        runner.withBean(LongInOrder.class).run(context -> {
            Flux<Message> many = Flux.range(0, 100)
                    .map(number -> Message.to("long").key("one").body("a"));
            context.getBean(MessageClient.class).publishAll(many).blockLast(LIMIT);
            awaitRunning(context);

            assertStaysUp(context);
        });
    }

    @Test
    void workThatIgnoresItsTimeoutWhileMessagesWaitIsOne() {
        Ignores ignores = new Ignores();
        runner.withBean(Ignores.class, () -> ignores)
                .withPropertyValues("leasehold.listeners.ignores.handler-timeout=100ms")
                .run(context -> {
                    publish(context, "ignores");
                    publish(context, "ignores");
                    awaitDown(context, "wait for group ignores");

                    ignores.released.countDown();

                    Awaitility.await()
                            .atMost(LIMIT)
                            .until(() -> healthIn(context).getStatus() == Status.UP);
                });
    }

    @Test
    void aListenerThatBeginsAgainLaterIsOne() {
        runner.withBean(Works.class).run(context -> {
            EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
            LeaseListenerRegistry listeners = context.getBean(LeaseListenerRegistry.class);
            // Whoever looks late sees it at work again.
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                if (listeners.status("works").phase() == Phase.RUNNING) {
                    broker.deleteGroup("works");
                }
                assertDown(context, "listener works ended with GROUP_GONE");
            });
            Awaitility.await().atMost(LIMIT).until(() -> healthIn(context).getStatus() == Status.UP);
        });
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aListenerThatHasFailedOrTriesAgainIsOneAndNoOther(Phase phase) {
        boolean bad = phase == Phase.FAILED || phase == Phase.RETRYING;
        ListenerStatus listener = new ListenerStatus(
                "desk", "quakes", "desk", "", "Desk.on", phase, bad ? ErrorCode.REFUSED : null, bad ? "refused" : null);
        MessageClient client = MessageClient.builder().build();
        ClientHealthIndicator indicator = new ClientHealthIndicator(client, () -> List.of(listener), null);

        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            Health health = indicator.health().block(LIMIT);

            assertThat(health.getStatus()).isEqualTo(bad ? Status.DOWN : Status.UP);
            assertThat(String.valueOf(health.getDetails())).contains("desk=" + phase);
        });
        client.close().block(LIMIT);
    }

    @Test
    void messagesThatWaitWhileSlotsAreFreeAreOne() {
        DeafBroker deaf = new DeafBroker();
        runner.withBean(Works.class).withBean(Broker.class, deaf::proxy).run(context -> {
            publish(context, "works");

            awaitDown(context, "1 messages wait for group works");
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> String.valueOf(healthIn(context).getDetails()).contains("running=0"));
        });
        deaf.inner.shutdown();
    }

    @Test
    void orphansThatHoldAllSlotsAreOne() {
        Ignores ignores = new Ignores();
        runner.withBean(Ignores.class, () -> ignores)
                .withPropertyValues(
                        "leasehold.listeners.ignores.lease-time=1s", "leasehold.listeners.ignores.touch=never")
                .run(context -> {
                    publish(context, "ignores");
                    publish(context, "ignores");
                    awaitDown(context, "wait for group ignores");
                    Awaitility.await().atMost(LIMIT).until(() -> {
                        Health health = healthIn(context);
                        return health.getStatus() == Status.DOWN
                                && String.valueOf(health).contains("orphans=1");
                    });

                    ignores.released.countDown();
                });
    }

    @Test
    void workThatIsTouchedForProgressOnlyAndMakesNoneIsOne() {
        runner.withBean(Long.class)
                .withPropertyValues(
                        "leasehold.listeners.long.touch=progress", "leasehold.listeners.long.lease-time=30s")
                .run(context -> {
                    publish(context, "long");
                    publish(context, "long");

                    awaitDown(context, "wait for group long");
                });
    }

    /** A restart mends no broker: for readiness it is there by choice, for liveness it is not meant. */
    @Test
    void itIsPartOfReadinessByChoiceAndOfLivenessNever() {
        ApplicationContextRunner probed = runner.withConfiguration(AutoConfigurations.of(
                        ApplicationAvailabilityAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class,
                        AvailabilityProbesAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoint.health.probes.enabled=true",
                        "management.endpoint.health.validate-group-membership=false");
        probed.run(context -> {
            HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);

            assertThat(groups.getPrimary().isMember("leasehold")).isTrue();
            assertThat(groups.get("readiness").isMember("leasehold")).isFalse();
            assertThat(groups.get("liveness").isMember("leasehold")).isFalse();
        });
        probed.withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,leasehold")
                .run(context -> {
                    HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);

                    assertThat(groups.get("readiness").isMember("leasehold")).isTrue();
                    assertThat(groups.get("liveness").isMember("leasehold")).isFalse();
                });
    }

    /** The embedded broker with ears closed to those who ask for messages. */
    private static final class DeafBroker {
        private final EmbeddedBroker inner = EmbeddedBroker.create();

        Broker proxy() {
            return proxyOf(Broker.class, inner);
        }

        private static <T> T proxyOf(Class<T> type, T inner) {
            InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
                case "open" -> proxyOf(BrokerSession.class, (BrokerSession) method.invoke(inner, arguments));
                case "deliveries" -> proxyOf(DeliveryPort.class, (DeliveryPort) method.invoke(inner, arguments));
                case "credit" -> null;
                default -> method.invoke(inner, arguments);
            };
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }

    @Test
    void threadsThatUserCodeBlocksAreOneAndTheAnswerComesInTime() {
        Semaphore blocked = new Semaphore(0);
        runner.withBean(
                        "one",
                        MessageClient.class,
                        () -> MessageClient.builder()
                                .userScheduler(Schedulers.fromExecutor(task -> blocked.tryAcquire()))
                                .build())
                .run(context -> {
                    Health health = healthIn(context);

                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(String.valueOf(health.getDetails())).contains("does not answer");
                });
    }

    @Test
    void severalClientsAreShownEach() {
        runner.withBean(
                        "one",
                        MessageClient.class,
                        () -> MessageClient.builder().build())
                .withBean(
                        "other",
                        MessageClient.class,
                        () -> MessageClient.builder().build())
                .run(context -> {
                    ReactiveHealthContributor all =
                            context.getBean("leaseholdHealthContributor", ReactiveHealthContributor.class);

                    assertThat(all).isInstanceOf(CompositeReactiveHealthContributor.class);
                    assertThat(((CompositeReactiveHealthContributor) all).getContributor("other"))
                            .isNotNull();
                });
    }

    @Test
    void eachClientShowsItsOwnListenersAlone() {
        runner.withBean(Works.class)
                .withBean(WorksElsewhere.class)
                .withPropertyValues("leasehold.broker=embedded", "leasehold.clients.archive.broker=embedded")
                .run(context -> {
                    CompositeReactiveHealthContributor all =
                            context.getBean("leaseholdHealthContributor", CompositeReactiveHealthContributor.class);

                    Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                        assertThat(detailsOf("leaseholdClient", all)).contains("{works=RUNNING}");
                        assertThat(detailsOf("archiveLeaseholdClient", all)).contains("{elsewhere=RUNNING}");
                    });
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive", "ARCHIVE", "archiveLeaseholdClient"})
    void aListenerIsShownWithItsClientHoweverItNamesIt(String name) {
        runner.withBean(NamesItsClient.class)
                .withPropertyValues(
                        "leasehold.broker=embedded", "leasehold.clients.archive.broker=embedded", "desk.client=" + name)
                .run(context -> assertThat(detailsOf("archiveLeaseholdClient", indicatorsIn(context)))
                        .contains("{elsewhere=RUNNING}"));
    }

    @Test
    void aListenerThatNamesAClientOfTheApplicationByItsQualifierIsShownWithIt() {
        runner.withBean(NamesItsClient.class)
                .withUserConfiguration(OwnClients.class)
                .withPropertyValues("desk.client=books")
                .run(context -> {
                    assertThat(detailsOf("one", indicatorsIn(context))).doesNotContain("elsewhere");
                    assertThat(detailsOf("other", indicatorsIn(context))).contains("{elsewhere=RUNNING}");
                });
    }

    private static CompositeReactiveHealthContributor indicatorsIn(AssertableApplicationContext context) {
        return context.getBean("leaseholdHealthContributor", CompositeReactiveHealthContributor.class);
    }

    private static String detailsOf(String client, CompositeReactiveHealthContributor all) {
        ReactiveHealthIndicator indicator = (ReactiveHealthIndicator) all.getContributor(client);
        return String.valueOf(indicator.health().block(LIMIT).getDetails());
    }

    @Test
    void itCanBeSwitchedOff() {
        runner.withPropertyValues("management.health.leasehold.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("leaseholdHealthContributor"));
        runner.withPropertyValues("leasehold.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("leaseholdHealthContributor"));
    }

    /** Works. */
    static final class Works {
        @LeaseListener(topic = "works", group = "works")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** Does the same with another client. */
    static final class WorksElsewhere {
        @LeaseListener(topic = "works", group = "elsewhere", client = "archive")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** Does the same with a client that a property names. */
    static final class NamesItsClient {
        @LeaseListener(topic = "works", group = "elsewhere", client = "${desk.client}")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClients {
        @Bean
        @Primary
        MessageClient one() {
            return MessageClient.builder().build();
        }

        @Bean
        @Qualifier("books")
        MessageClient other() {
            return MessageClient.builder().build();
        }
    }

    /** Works for long. */
    static final class Long {
        @LeaseListener(topic = "long", group = "long")
        Mono<Void> on(String body) {
            return Mono.never();
        }
    }

    /** Works for long, on one message of a key at a time. */
    static final class LongInOrder {
        @LeaseListener(topic = "long", group = "ordered", keyed = "true", concurrency = "2")
        Mono<Void> on(String body) {
            return Mono.never();
        }
    }

    /** Does not end when it is told to. */
    static final class Ignores {
        final CountDownLatch released = new CountDownLatch(1);

        @LeaseListener(topic = "ignores", group = "ignores")
        void on(String body) {
            boolean free = false;
            while (!free) {
                try {
                    released.await();
                    free = true;
                } catch (InterruptedException ignored) {
                    // As code does that knows better.
                }
            }
        }
    }
}
