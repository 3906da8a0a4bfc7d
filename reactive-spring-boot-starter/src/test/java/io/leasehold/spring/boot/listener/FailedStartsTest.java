package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedStats;
import io.leasehold.message.Message;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A mistake stops the start: the report says what is wrong, where, and what to do, and the messages that wait at the
 * broker still wait.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartsTest {
    private final EmbeddedBroker broker = EmbeddedBroker.create();

    @BeforeEach
    void publishThree() {
        MessageClient client = MessageClient.builder().broker(broker).build();
        Disposable consuming = client.consumer("quakes.>", "assessors", String.class)
                .handle(delivery -> Mono.never())
                .subscribe();
        Awaitility.await()
                .atMost(Probe.LIMIT)
                .until(() -> !broker.stats().groups().isEmpty());

        consuming.dispose();
        client.publishAll(Flux.range(1, 3).map(i -> Message.to("quakes.nc").body("\"quake " + i + "\"")))
                .then(client.close())
                .block(Probe.LIMIT);
    }

    @AfterEach
    void shutDown() {
        broker.shutdown();
    }

    private void start(Class<?> configuration, String... arguments) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        application.addInitializers(
                context -> ((GenericApplicationContext) context).registerBean(Broker.class, () -> broker));
        application.run(arguments).close();
    }

    private void assertThreeWait() {
        Awaitility.await().atMost(Probe.LIMIT).untilAsserted(() -> {
            EmbeddedStats.Group group = broker.stats().groups().get(0);

            assertThat(group.queued() + group.delayed())
                    .as("messages that wait")
                    .isEqualTo(3);
            assertThat(group.held()).isZero();
        });
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of(
                        "leasehold.consumer.concurrency=0",
                        List.of("'leasehold.consumer.concurrency'", "'0' from", "0 is not in 1..1000000", "Choose a")),
                Arguments.of(
                        "leasehold.listeners.assessors.dead-letter-to=dead quakes",
                        List.of("'leasehold.listeners.assessors.dead-letter-to'", "a space", "LH-101")),
                Arguments.of(
                        "leasehold.consumer.lease-time=soon",
                        List.of("Property: leasehold.consumer.lease-time", "\"soon\"", "Update your application's")),
                Arguments.of(
                        "leasehold.consumer.handler-timeout=20",
                        List.of("'leasehold.consumer.handler-timeout'", "'20' from", "20 what?", "Write 20s")),
                Arguments.of(
                        "leasehold.consumer.touch=sometimes",
                        List.of("Property: leasehold.consumer.touch", "\"sometimes\"", "AUTO", "NEVER", "PROGRESS")),
                Arguments.of(
                        "leasehold.observation.enabled=perhaps",
                        List.of("Property: leasehold.observation.enabled", "\"perhaps\"", "Update your application's")),
                Arguments.of(
                        "leasehold.consumer.concurency=3",
                        List.of("'leasehold.consumer.concurency'", "'3' from", "Did you mean 'leasehold.consumer.")),
                Arguments.of(
                        "leasehold.listeners.asessors.concurrency=3",
                        List.of("leasehold.listeners.asessors", "no listener has this id", "known are assessors")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aWrongSettingIsReported(String setting, List<String> report, CapturedOutput output) {
        assertThatThrownBy(() -> start(Good.class, "--" + setting)).isInstanceOf(Exception.class);
        assertThat(output).contains("APPLICATION FAILED TO START", "Description:", "Action:");
        assertThat(output).contains(report.toArray(new String[0]));
        assertThreeWait();
    }

    static Stream<Arguments> listeners() {
        String here = "@LeaseListener " + FailedStartsTest.class.getName() + "$";
        return Stream.of(
                Arguments.of(
                        TopicWithASpace.class,
                        List.of(here + "TopicWithASpace.on(String)", "topic 'quakes nc'", "a space", "LH-101")),
                Arguments.of(
                        Open.class, List.of(here + "Open.on(List)", "the type T of its body is open", "Name a class")),
                Arguments.of(
                        ReturnsAnObject.class,
                        List.of(here + "ReturnsAnObject.on(String)", "does not say what it returns", "Declare Mono")),
                Arguments.of(
                        TwoOfOneGroup.class,
                        List.of(here + "TwoOfOneGroup.o", "the group 'assessors' is already", "Give it another")),
                Arguments.of(
                        Loops.class,
                        List.of(here + "Loops.loop(String)", "quakes.dead matches", "Choose a dead-letter topic")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("listeners")
    void aListenerThatCannotBeFollowedIsReported(Class<?> configuration, List<String> report, CapturedOutput output) {
        assertThatThrownBy(() -> start(configuration, "--leasehold.consumer.drain-timeout=100ms"))
                .isInstanceOf(Exception.class);
        assertThat(output).contains("APPLICATION FAILED TO START", "Description:", "Action:");
        assertThat(output).contains(report.toArray(new String[0]));
        assertThreeWait();
    }

    @Test
    void withoutAMistakeTheThreeAreHandled() {
        Sinks.Many<String> handled = Sinks.many().replay().all();
        SpringApplication application = new SpringApplication(Good.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(Broker.class, () -> broker);
            beans.registerBean(
                    LeaseOutcomeObserver.class,
                    () -> (listener, outcome) ->
                            handled.tryEmitNext(outcome.kind().name()));
        });
        try (var context = application.run()) {
            assertThat(context.isRunning()).isTrue();
            assertThat(handled.asFlux().take(3).collectList().block(Probe.LIMIT))
                    .containsExactly("ACKED", "ACKED", "ACKED");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Good {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TopicWithASpace {
        @LeaseListener(topic = "quakes nc", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Open {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        <T> void on(List<T> bodies) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ReturnsAnObject {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        Object on(String body) {
            return Mono.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TwoOfOneGroup {
        @LeaseListener(topic = "quakes.>", group = "assessors", id = "one")
        void one(String body) {}

        @LeaseListener(topic = "quakes.>", group = "assessors", id = "other")
        void other(String body) {}
    }

    /** The first listener has begun when the second is refused: what it took goes back. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Loops {
        @LeaseListener(topic = "quakes.>", group = "assessors", leaseTime = "1h")
        Mono<Void> a(String body) {
            return Mono.never();
        }

        @LeaseListener(topic = "quakes.>", group = "loops", deadLetterTo = "quakes.dead")
        void loop(String body) {}

        @Bean
        LeaseConsumerCustomizer eager() {
            return (listener, consumer) -> consumer.prefetch(3);
        }
    }
}
