package io.leasehold.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** An application that has left out the jar of NATS, and what only that jar needs. */
class WithoutNatsTest {
    private static final Pattern LEFT_OUT =
            Pattern.compile("leasehold-(nats|wire)-.*\\.jar|.*[/\\\\](nats|wire)[/\\\\]target[/\\\\]classes"
                    + "|(reactor-netty|netty)-.*\\.jar");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        return application.run(arguments);
    }

    /** Publishes; runs in a class loader of its own. */
    public static final class Published implements Callable<List<String>> {
        @Override
        public List<String> call() {
            try (ConfigurableApplicationContext context = start()) {
                context.getBean(MessageClient.class)
                        .declare("quakes.>", Retention.defaults())
                        .then(context.getBean(MessageClient.class)
                                .publish(Message.to("quakes.nc").body("a")))
                        .block(Duration.ofSeconds(30));
                boolean netty = ClassUtils.isPresent("io.netty.buffer.ByteBuf", null);
                return List.of(context.getBean(Broker.class).getClass().getSimpleName(), netty ? "Netty" : "no Netty");
            }
        }
    }

    /** Asks for NATS all the same; runs in a class loader of its own. */
    public static final class Refused implements Callable<List<String>> {
        @Override
        public List<String> call() {
            try {
                start("--leasehold.nats.servers=nats://localhost:4222").close();
                return List.of("started");
            } catch (RuntimeException refused) {
                Throwable cause = refused;
                while (cause != null && !(cause instanceof MessagingException)) {
                    cause = cause.getCause();
                }
                MessagingException found = (MessagingException) cause;
                return List.of(found.code().name(), found.remedy());
            }
        }
    }

    @Test
    void theEmbeddedBrokerIsUsedWithoutAnyTransport() throws Exception {
        assertThat(ReducedClassPath.callWithout(LEFT_OUT, Published.class))
                .containsExactly("EmbeddedBroker", "no Netty");
    }

    @Test
    void serversWithoutTheJarStopTheStart() throws Exception {
        assertThat(ReducedClassPath.callWithout(LEFT_OUT, Refused.class))
                .satisfiesExactly(
                        code -> assertThat(code).isEqualTo("BAD_SETTING"),
                        remedy -> assertThat(remedy).contains("io.leasehold:leasehold-nats"));
    }
}
