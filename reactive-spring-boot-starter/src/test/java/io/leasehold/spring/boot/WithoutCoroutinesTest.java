package io.leasehold.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.listener.LeaseListener;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.flow.Flow;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** Kotlin without the jar that brings coroutines and Reactor together: nothing is acked without having run. */
class WithoutCoroutinesTest {
    private static final Pattern LEFT_OUT = Pattern.compile("kotlinx-coroutines-rea.*\\.jar");

    /** Starts an application that cannot start, and tells why; runs in a class loader of its own. */
    private static List<String> refusalOf(Class<?> configuration) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        try {
            application.run().close();
            return List.of("started");
        } catch (MessagingException refused) {
            return List.of(refused.code().name(), refused.what(), refused.remedy());
        }
    }

    /** With a function that suspends. */
    public static final class Suspends implements Callable<List<String>> {
        @Override
        public List<String> call() {
            return refusalOf(Suspending.class);
        }
    }

    /** With a function that returns a Flow. */
    public static final class Flows implements Callable<List<String>> {
        @Override
        public List<String> call() {
            return refusalOf(Flowing.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Suspending {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        public Object on(String body, Continuation<? super Unit> then) {
            return Unit.INSTANCE;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Flowing {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        public Flow<String> on(String body) {
            return null;
        }
    }

    @Test
    void aFunctionThatSuspendsIsRefusedWithTheOneJarThatIsMissing() throws Exception {
        assertThat(ReducedClassPath.callWithout(LEFT_OUT, Suspends.class))
                .satisfiesExactly(
                        code -> assertThat(code).isEqualTo("BAD_HANDLER"),
                        what -> assertThat(what).contains("suspends"),
                        remedy -> assertThat(remedy).contains("org.jetbrains.kotlinx:kotlinx-coroutines-reactor"));
    }

    @Test
    void aFlowIsRefusedToo() throws Exception {
        assertThat(ReducedClassPath.callWithout(LEFT_OUT, Flows.class))
                .satisfiesExactly(
                        code -> assertThat(code).isEqualTo("BAD_HANDLER"),
                        what -> assertThat(what).contains("Flow"),
                        remedy -> assertThat(remedy).contains("kotlinx-coroutines-reactor"));
    }
}
