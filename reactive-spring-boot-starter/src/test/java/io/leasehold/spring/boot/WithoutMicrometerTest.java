package io.leasehold.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.leasehold.spring.boot.listener.LeaseOutcomeObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An application whose class path really has no actuator, no meters and no traces. */
class WithoutMicrometerTest {
    // Spring's core itself cannot do without micrometer-observation and micrometer-commons.
    private static final Pattern LEFT_OUT =
            Pattern.compile("(micrometer-(core|tracing|jakarta).*|context-propagation|opentelemetry-.*"
                    + "|spring-boot-(starter-)?(actuator|micrometer|health|opentelemetry).*)-[0-9].*\\.jar");

    /** Starts, publishes and handles; runs in a class loader of its own. */
    public static final class Started implements Callable<List<String>> {
        @Override
        public List<String> call() {
            SpringApplication application = new SpringApplication(Application.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            application.setRegisterShutdownHook(false);
            try (ConfigurableApplicationContext context = application.run()) {
                MessageClient client = context.getBean(MessageClient.class);
                client.publish(Message.to("quakes.nc").body("a")).block(Duration.ofSeconds(30));
                String outcome =
                        context.getBean(Application.class).ended.asMono().block(Duration.ofSeconds(30));
                String[] recorders = context.getBeanNamesForType(io.leasehold.event.Recorder.class);
                boolean meters = ClassUtils.isPresent("io.micrometer.core.instrument.MeterRegistry", null);
                return List.of(
                        String.valueOf(outcome),
                        Arrays.toString(recorders),
                        meters ? "MeterRegistry" : "no MeterRegistry");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        final Sinks.One<String> ended = Sinks.one();

        @Bean
        LeaseOutcomeObserver observer() {
            return (listener, outcome) -> ended.tryEmitValue(outcome.kind().name());
        }

        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    @Test
    void publishingAndListeningGoOn() throws Exception {
        assertThat(ReducedClassPath.callWithout(LEFT_OUT, Started.class))
                .containsExactly("ACKED", "[]", "no MeterRegistry");
    }
}
