package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.ConsumeView;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import io.leasehold.observation.DefaultProcessObservationConvention;
import io.leasehold.observation.DefaultSendObservationConvention;
import io.leasehold.observation.LeaseholdMeters;
import io.leasehold.observation.MeterRecorder;
import io.leasehold.observation.ObservationStages;
import io.leasehold.observation.ProcessContext;
import io.leasehold.observation.ProcessObservationConvention;
import io.leasehold.observation.SendContext;
import io.leasehold.observation.SendObservationConvention;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishStage;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The client is measured and observed where the application has the registries, and works where it has not. */
class ObservationAutoConfigurationTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApplicationContextRunner runner = Contexts.runner().withBean(Listening.class);
    private final ApplicationContextRunner booted = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            ObservationAutoConfiguration.class));

    private static void assertWorks(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();

        publish(context, Message.to("quakes.nc").body("a"));
        Listening listening = context.getBean(Listening.class);

        Awaitility.await().atMost(LIMIT).until(() -> listening.handled == 1);
    }

    private static void publish(AssertableApplicationContext context, Message... messages) {
        StepVerifier.create(context.getBean(MessageClient.class)
                        .publishAll(Flux.fromArray(messages))
                        .count())
                .expectNext((long) messages.length)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void withTheRegistriesOfBootTheClientIsMeasuredAndObserved() {
        booted.run(context -> {
            assertThat(context).hasSingleBean(MeterRecorder.class).hasSingleBean(ClientStages.class);
            assertWorks(context);

            MeterRegistry meters = context.getBean(MeterRegistry.class);

            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(meters.get("leasehold.settled")
                                .tags("group", "assessors", "outcome", "ack")
                                .counter()
                                .count())
                        .isEqualTo(1);
                assertThat(meters.get("messaging.process.duration")
                                .tags("messaging.consumer.group.name", "assessors", "leasehold.outcome", "acked")
                                .timer()
                                .count())
                        .isEqualTo(1);
            });
            assertThat(meters.get("messaging.client.operation.duration")
                            .tags("messaging.system", "leasehold_embedded", "messaging.destination.name", "quakes.nc")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void eachClientIsObservedWithTheNameOfItsOwnBroker() {
        booted.withConfiguration(AutoConfigurations.of(ClientBrokersTest.AcmeAutoConfiguration.class))
                .withPropertyValues("leasehold.clients.archive.acme.url=acme://here")
                .run(context -> {
                    MessageClient archive = context.getBean("archiveLeaseholdClient", MessageClient.class);
                    archive.declare("old.>", Retention.defaults()).block(LIMIT);

                    archive.publish(Message.to("old.nc").body("a")).block(LIMIT);

                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("messaging.client.operation.duration")
                                    .tags("messaging.system", "acme", "messaging.destination.name", "old.nc")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void namesAndKeysAreTheDocumentedOnesAndNoIdIsAmongThem() {
        booted.run(context -> {
            publish(
                    context,
                    IntStream.range(0, 300)
                            .mapToObj(i -> Message.to("quakes.source" + i).id("id-" + i))
                            .toArray(Message[]::new));
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Awaitility.await().atMost(LIMIT).until(() -> context.getBean(Listening.class).handled == 300);

            for (LeaseholdMeters documented : LeaseholdMeters.values()) {
                Set<String> keys = Arrays.stream(documented.getKeyNames())
                        .map(key -> key.asString())
                        .collect(Collectors.toSet());
                assertThat(meters.find(documented.getName()).meters())
                        .allSatisfy(meter -> assertThat(keysOf(meter)).isEqualTo(keys));
            }

            assertThat(meters.getMeters())
                    .filteredOn(meter -> isOurs(meter.getId().getName()))
                    .isNotEmpty()
                    .allSatisfy(meter -> assertThat(meter.getId().getTags())
                            .extracting(Tag::getValue)
                            .noneMatch(value -> value.startsWith("id-")));
            assertThat(meters.find("messaging.client.operation.duration").timers())
                    .as("topics beyond the bound share one tag")
                    .hasSize(MeterRecorder.TOPICS_MAX + 1);
        });
    }

    private static Set<String> keysOf(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
    }

    private static boolean isOurs(String name) {
        return name.startsWith("leasehold.") || name.startsWith("messaging.");
    }

    @Test
    void eachIsSwitchedOffByAProperty() {
        booted.withPropertyValues("leasehold.metrics.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(MeterRecorder.class).hasSingleBean(ClientStages.class);
            assertWorks(context);
            assertThat(context.getBean(MeterRegistry.class).getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .noneMatch(name -> name.startsWith("leasehold."));
        });
        booted.withPropertyValues("leasehold.observation.enabled=false").run(context -> {
            assertThat(context)
                    .hasSingleBean(MeterRecorder.class)
                    .doesNotHaveBean(ClientStages.class)
                    .doesNotHaveBean(ConsumeStage.class)
                    .doesNotHaveBean(PublishStage.class);
            assertWorks(context);
        });
        booted.withPropertyValues("leasehold.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MeterRecorder.class)
                        .doesNotHaveBean(ClientStages.class));
    }

    @Test
    void aSwitchThatIsNeitherOnNorOffStopsTheStartAndIsNamed() {
        for (String property : List.of("leasehold.metrics.enabled", "leasehold.observation.enabled")) {
            booted.withPropertyValues(property + "=perhaps")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining("'" + property + "'")
                            .hasStackTraceContaining("perhaps"));
        }
    }

    @Test
    void withoutRegistriesThereIsNothingToReportTo() {
        runner.run(context -> {
            assertThat(context).doesNotHaveBean(MeterRecorder.class).doesNotHaveBean(ClientStages.class);
            assertWorks(context);
        });
    }

    @Test
    void severalRegistriesAreNotChosenFrom() {
        runner.withBean("one", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("other", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("first", ObservationRegistry.class, ObservationRegistry::create)
                .withBean("second", ObservationRegistry.class, ObservationRegistry::create)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(MeterRecorder.class).doesNotHaveBean(ClientStages.class);
                    assertWorks(context);
                });
        runner.withUserConfiguration(OneIsPrimary.class)
                .run(context -> assertThat(context).hasSingleBean(MeterRecorder.class));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void severalRegistriesOfWhichNoneIsPrimaryAreToldOnceAndTheClientWorksWithout(CapturedOutput output) {
        runner.withBean("oneMeters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("otherMeters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("oneObserver", ObservationRegistry.class, ObservationRegistry::create)
                .withBean("otherObserver", ObservationRegistry.class, ObservationRegistry::create)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(MeterRecorder.class).doesNotHaveBean(ClientStages.class);
                    assertWorks(context);
                });
        assertThat(output.getOut().lines().filter(line -> line.contains(" WARN ") && line.contains("@Primary")))
                .hasSize(2)
                .anyMatch(line -> line.contains("oneMeters, otherMeters"))
                .anyMatch(line -> line.contains("oneObserver, otherObserver"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whoWantsNoneOfThemIsNotTold(CapturedOutput output) {
        runner.withBean("oneMeters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("otherMeters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("leasehold.metrics.enabled=false")
                .run(context -> assertWorks(context));
        assertThat(output.getOut()).doesNotContain("@Primary");
    }

    @Test
    void withoutTheLibrariesNothingFails() {
        booted.withClassLoader(new FilteredClassLoader("io.micrometer.core")).run(context -> {
            assertThat(context).doesNotHaveBean(MeterRecorder.class);
            assertWorks(context);
        });
        runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> {
            assertThat(context).doesNotHaveBean(MeterRecorder.class).doesNotHaveBean(ClientStages.class);
            assertWorks(context);
        });
    }

    @Test
    void recordersAndStagesOfTheApplicationReplaceOurs() {
        MeterRecorder recorder = MeterRecorder.of(new SimpleMeterRegistry());
        ObservationStages stages = ObservationStages.of(ObservationRegistry.NOOP);
        booted.withBean("own", MeterRecorder.class, () -> recorder)
                .withBean("ownStages", ObservationStages.class, () -> stages)
                .run(context -> {
                    assertThat(context).getBean(MeterRecorder.class).isSameAs(recorder);
                    assertThat(context).getBean(ObservationStages.class).isSameAs(stages);
                    assertThat(context.getBean(ClientStages.class).of(context.getBean(Broker.class)))
                            .isSameAs(stages);
                });
    }

    @Test
    void conventionsOfTheApplicationReplaceTheDefaults() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        runner.withBean(ObservationRegistry.class, () -> registry)
                .withUserConfiguration(OwnConventions.class)
                .run(context -> {
                    assertWorks(context);
                    Awaitility.await()
                            .atMost(LIMIT)
                            .untilAsserted(() -> TestObservationRegistryAssert.assertThat(registry)
                                    .hasNumberOfObservationsWithNameEqualTo("desk.process", 1)
                                    .hasNumberOfObservationsWithNameEqualTo("desk.send", 1)
                                    .doesNotHaveAnyRemainingCurrentObservation());
                });
    }

    @Test
    void whatOtherStagesDelayIsNotMeasured() {
        ObservationRegistry registry = ObservationRegistry.create();
        Delaying delaying = new Delaying();
        registry.observationConfig().observationHandler(delaying);
        runner.withBean(ObservationRegistry.class, () -> registry)
                .withBean(ConsumeStage.class, () -> delaying)
                .run(context -> {
                    assertWorks(context);
                    assertThat(delaying.said).containsExactly("asked", "asked again", "observed");
                });
    }

    /** Has one listener. */
    static final class Listening {
        volatile int handled;

        @LeaseListener(topic = "quakes.>", group = "assessors", concurrency = "1")
        Mono<Void> on(String body) {
            return Mono.fromRunnable(() -> handled++);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneIsPrimary {
        @Bean
        @Primary
        MeterRegistry one() {
            return new SimpleMeterRegistry();
        }

        @Bean
        MeterRegistry other() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConventions {
        @Bean
        ProcessObservationConvention process() {
            return new ProcessObservationConvention() {
                @Override
                public String getName() {
                    return "desk.process";
                }

                @Override
                public String getContextualName(ProcessContext context) {
                    return new DefaultProcessObservationConvention().getContextualName(context);
                }
            };
        }

        @Bean
        SendObservationConvention send() {
            return new SendObservationConvention() {
                @Override
                public String getName() {
                    return "desk.send";
                }

                @Override
                public String getContextualName(SendContext context) {
                    return new DefaultSendObservationConvention().getContextualName(context);
                }
            };
        }
    }

    /** Has each run wait once, and notes when it is observed. */
    static final class Delaying implements ConsumeStage, ObservationHandler<ProcessContext> {
        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public StageAnswer enter(ConsumeView view, long now) {
            boolean first = view.state() == 0;
            said.add(first ? "asked" : "asked again");
            view.state(1);
            return first ? StageAnswer.delay(Duration.ofMillis(1)) : StageAnswer.PROCEED;
        }

        @Override
        public void exit(ConsumeView view, Outcome.Kind outcome, long now) {}

        @Override
        public void onStart(ProcessContext context) {
            said.add("observed");
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof ProcessContext;
        }
    }
}
