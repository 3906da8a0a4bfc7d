package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.consume.HoldSettings;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import io.leasehold.spring.boot.Contexts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** Every property reaches the core; what is wrong with one stops the start and names it. */
@ExtendWith(OutputCaptureExtension.class)
class LeaseholdPropertiesTest {
    private final StartReport report = new StartReport();
    private final ApplicationContextRunner runner = report.on(Contexts.runner());

    @Test
    void whatIsNotSetStaysAsTheCoreHasIt() {
        runner.run(context -> {
            LeaseholdProperties properties = context.getBean(LeaseholdProperties.class);
            MessageConsumer<String> base = consumerIn(context);

            assertThat(properties.publish().settings()).isEqualTo(PublishSettings.defaults());
            assertThat(context.getBean(EmbeddedProperties.class).settings()).isEqualTo(EmbeddedSettings.defaults());
            assertThat(properties.consumer().applyTo(base).settings()).isEqualTo(base.settings());
            assertThat(properties.listeners()).isEmpty();
        });
    }

    private static MessageConsumer<String> consumerIn(AssertableApplicationContext context) {
        return context.getBean(MessageClient.class).consumer("quakes.>", "assessors", String.class);
    }

    @Test
    void publishing() {
        runner.withPropertyValues(
                        "leasehold.publish.window=7",
                        "leasehold.publish.window-bytes=2MB",
                        "leasehold.publish.waiting=8",
                        "leasehold.publish.timeout=9s",
                        "leasehold.publish.retry.retries=3",
                        "leasehold.publish.retry.first-delay=10ms",
                        "leasehold.publish.retry.max-delay=20ms",
                        "leasehold.publish.retry.factor=1.5",
                        "leasehold.publish.retry.jitter=0",
                        "leasehold.publish.halted-keys-max=11")
                .run(context -> assertThat(context.getBean(LeaseholdProperties.class)
                                .publish()
                                .settings())
                        .isEqualTo(PublishSettings.builder()
                                .window(7)
                                .windowBytes(2 * 1024 * 1024)
                                .waiting(8)
                                .timeout(Duration.ofSeconds(9))
                                .retry(RetryPolicy.builder()
                                        .retries(3)
                                        .backoff(Backoff.builder()
                                                .first(Duration.ofMillis(10))
                                                .max(Duration.ofMillis(20))
                                                .factor(1.5)
                                                .jitter(0)
                                                .build())
                                        .build())
                                .haltedKeysMax(11)
                                .build()));
    }

    @Test
    void theEmbeddedBroker() {
        runner.withPropertyValues(
                        "leasehold.embedded.mode=nats-like",
                        "leasehold.embedded.capacity-messages=10",
                        "leasehold.embedded.capacity-bytes=1MB",
                        "leasehold.embedded.waiting-publishes=11",
                        "leasehold.embedded.message-bytes-max=10KB",
                        "leasehold.embedded.allow-unkept=true",
                        "leasehold.embedded.duplicate-window=0s",
                        "leasehold.embedded.duplicate-ids=12")
                .run(context -> assertThat(
                                context.getBean(EmbeddedProperties.class).settings())
                        .isEqualTo(EmbeddedSettings.builder()
                                .mode(EmbeddedMode.NATS_LIKE)
                                .capacityMessages(10)
                                .capacityBytes(1 << 20)
                                .waitingPublishes(11)
                                .messageBytesMax(10 << 10)
                                .allowUnkept(true)
                                .duplicateWindow(Duration.ZERO)
                                .duplicateIds(12)
                                .build()));
    }

    @Test
    void consuming() {
        runner.withPropertyValues(
                        "leasehold.consumer.concurrency=2",
                        "leasehold.consumer.prefetch=3",
                        "leasehold.consumer.max-waiting=4",
                        "leasehold.consumer.max-lane-wait=5s",
                        "leasehold.consumer.lease-time=6s",
                        "leasehold.consumer.max-hold=7s",
                        "leasehold.consumer.touch=progress",
                        "leasehold.consumer.settlement=written",
                        "leasehold.consumer.nak=run-out",
                        "leasehold.consumer.handler-timeout=8s",
                        "leasehold.consumer.handler-retry.retries=9",
                        "leasehold.consumer.redelivery.first=10s",
                        "leasehold.consumer.max-deliveries=11",
                        "leasehold.consumer.dead-letter-to=dead.quakes")
                .run(context -> {
                    ConsumerProperties properties =
                            context.getBean(LeaseholdProperties.class).consumer();
                    MessageConsumer<String> base = consumerIn(context);

                    assertThat(properties.applyTo(base).settings())
                            .isEqualTo(base.concurrency(2)
                                    .prefetch(3)
                                    .maxWaiting(4)
                                    .maxLaneWait(Duration.ofSeconds(5))
                                    .leaseTime(Duration.ofSeconds(6))
                                    .maxHold(Duration.ofSeconds(7))
                                    .touch(TouchMode.PROGRESS)
                                    .settlement(SettlementLevel.WRITTEN)
                                    .nak(HoldSettings.NakMode.RUN_OUT)
                                    .handlerTimeout(Duration.ofSeconds(8))
                                    .handlerRetry(RetryPolicy.backoff(9, Duration.ofMillis(100)))
                                    .redelivery(Backoff.from(Duration.ofSeconds(10)))
                                    .maxDeliveries(11)
                                    .deadLetterTo("dead.quakes")
                                    .settings());
                });
    }

    @Test
    void theDrainTimeout() {
        runner.withPropertyValues("leasehold.consumer.drain-timeout=12s")
                .run(context -> assertThat(context.getBean(LeaseholdProperties.class)
                                .consumer()
                                .drainTimeoutOr(Duration.ZERO))
                        .hasSeconds(12));
    }

    @Test
    void aCeilingThatIsChosenStays() {
        runner.withPropertyValues(
                        "leasehold.consumer.max-deliveries=11", "leasehold.consumer.max-unfinished-deliveries=12")
                .run(context -> assertThat(context.getBean(LeaseholdProperties.class)
                                .consumer()
                                .applyTo(consumerIn(context))
                                .settings()
                                .failures()
                                .maxUnfinishedDeliveries())
                        .isEqualTo(12));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "leasehold.name, ''",
        "leasehold.publish.window, 0",
        "leasehold.publish.window, 65537",
        "leasehold.publish.window-bytes, 1000B",
        "leasehold.publish.window-bytes, 3GB",
        "leasehold.publish.waiting, -1",
        "leasehold.publish.timeout, 2h",
        "leasehold.publish.halted-keys-max, 0",
        "leasehold.publish.retry.retries, -1",
        "leasehold.publish.retry.first-delay, -1s",
        "leasehold.publish.retry.max-delay, 2d",
        "leasehold.publish.retry.factor, 0.5",
        "leasehold.publish.retry.jitter, NaN",
        "leasehold.embedded.capacity-messages, 0",
        "leasehold.embedded.capacity-bytes, 2000GB",
        "leasehold.embedded.waiting-publishes, -1",
        "leasehold.embedded.message-bytes-max, 3GB",
        "leasehold.embedded.duplicate-window, 31d",
        "leasehold.embedded.duplicate-ids, 0",
    })
    void aValueOutOfItsBoundsStopsTheStartAndIsNamed(String property, String value) {
        assertIsNamed(property, value);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "leasehold.consumer.concurrency, 0",
        "leasehold.consumer.prefetch, 1000001",
        "leasehold.consumer.max-waiting, -1",
        "leasehold.consumer.max-lane-wait, 0s",
        "leasehold.consumer.lease-time, -5s",
        "leasehold.consumer.lease-time, 101d",
        "leasehold.consumer.max-hold, 0s",
        "leasehold.consumer.max-hold, 200000d",
        "leasehold.consumer.handler-timeout, -1ms",
        "leasehold.consumer.handler-retry.retries, -1",
        "leasehold.consumer.redelivery.first, -1s",
        "leasehold.consumer.redelivery.max, 2d",
        "leasehold.consumer.redelivery.factor, 1000",
        "leasehold.consumer.redelivery.jitter, 2",
        "leasehold.consumer.max-deliveries, 0",
        "leasehold.consumer.max-unfinished-deliveries, 0",
        "leasehold.consumer.dead-letter-to, dead quakes",
        "leasehold.consumer.drain-timeout, -1s",
        "leasehold.listeners.desk.concurrency, 0",
        "leasehold.listeners.desk.redelivery.first, 2d",
    })
    void soDoesAnyOfConsumers(String property, String value) {
        assertIsNamed(property, value);
    }

    private void assertIsNamed(String property, String value) {
        runner.withPropertyValues(property + "=" + value).run(context -> {
            assertThat(context).hasFailed();

            FailureAnalysis analysis = report.refused(context);

            assertThat(analysis.getDescription())
                    .contains("'" + property + "'", "'" + value + "'", "LH-1")
                    .doesNotContain("LH-100 BAD_SETTING: ");
            assertThat(analysis.getAction()).endsWith(".");
        });
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "leasehold.consumer.concurrency, many",
        "leasehold.consumer.lease-time, soon",
        "leasehold.consumer.touch, sometimes",
        "leasehold.embedded.capacity-bytes, much",
        "leasehold.embedded.mode, kafka",
        "leasehold.enabled, perhaps",
        "leasehold.listeners.desk.max-deliveries, 1.5",
    })
    void aValueOfTheWrongTypeStopsTheStartAndIsNamed(String property, String value) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("'" + property + "'")
                        .hasStackTraceContaining(value));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "leasehold.consumer.concurency, leasehold.consumer.concurrency",
        "leasehold.consumer.leastime, leasehold.consumer.lease-time",
        "leasehold.consumer.redelivery.frist, leasehold.consumer.redelivery.first",
        "leasehold.publish.wndow, leasehold.publish.window",
        "leasehold.lease-time, leasehold.consumer.lease-time",
        "leasehold.listeners.desk.lease-tme, leasehold.listeners.desk.lease-time",
        "leasehold.embedded.mod, leasehold.embedded.mode",
    })
    void anUnknownPropertyStopsTheStartWithTheNearestKnownOne(String unknown, String known) {
        runner.withPropertyValues(unknown + "=3").run(context -> {
            assertThat(context).getFailure().hasStackTraceContaining(unknown);

            FailureAnalysis analysis = report.unknown(context);

            assertThat(analysis.getDescription()).contains("'" + unknown + "'", "'3'", "is not known");
            assertThat(analysis.getAction()).contains("Did you mean '" + known + "'?");
        });
    }

    @Test
    void whatIsLikeNothingIsNamedAllTheSame() {
        assertThat(KnownProperties.of(List.of()).nearest("leasehold.flux-capacitor"))
                .isEmpty();
        runner.withPropertyValues("leasehold.flux-capacitor=1")
                .run(context -> assertThat(report.unknown(context).getAction())
                        .contains("Remove 'leasehold.flux-capacitor'", "leasehold.consumer"));
    }

    @Test
    void anUnknownSystemPropertyStopsTheStartToo() {
        runner.withSystemProperties("leasehold.consumer.concurency=3").run(context -> {
            FailureAnalysis analysis = report.refused(context);

            assertThat(analysis.getDescription()).startsWith("leasehold.consumer.concurency: the system property");
            assertThat(analysis.getAction()).isEqualTo("Did you mean 'leasehold.consumer.concurrency'?");
        });
        runner.withSystemProperties("leasehold.listeners.desk.leasetme=3s")
                .run(context -> assertThat(report.refused(context).getAction())
                        .isEqualTo("Did you mean 'leasehold.listeners.desk.lease-time'?"));
        runner.withSystemProperties("leasehold.consumer.leaseTime=3s", "leasehold.publish.window=7")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anUnknownSystemPropertyStopsTheStartAlsoWhereBeansAreMadeLate() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withSystemProperties("leasehold.consumer.concurency=3")
                .run(context -> assertThat(report.refused(context).getDescription())
                        .startsWith("leasehold.consumer.concurency: the system property"));
    }

    @Test
    void theReportOfAFailedStartSaysWhatWhereAndWhatToDo(CapturedOutput output) {
        assertStartFails("--leasehold.consumer.concurency=3");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The property 'leasehold.consumer.concurency' with the value '3' from")
                .contains("Did you mean 'leasehold.consumer.concurrency'?");
        assertStartFails("--leasehold.consumer.concurrency=0");
        assertThat(output)
                .contains("The property 'leasehold.consumer.concurrency' with the value '0' from")
                .contains("0 is not in 1..1000000 (LH-100 BAD_SETTING)")
                .contains("Choose a value within the bounds.");
    }

    private static void assertStartFails(String argument) {
        SpringApplication application = new SpringApplication(Plain.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);

        assertThatThrownBy(() -> application.run(argument)).isInstanceOf(RuntimeException.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}
}
