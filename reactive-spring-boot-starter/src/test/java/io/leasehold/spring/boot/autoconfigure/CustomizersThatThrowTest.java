package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseConsumerCustomizer;
import io.leasehold.spring.boot.listener.LeaseListener;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** Whatever a customizer throws stops the start, and the customizer is named. */
class CustomizersThatThrowTest {
    private final ApplicationContextRunner runner = Contexts.runner().withBean(Listening.class);

    static Stream<Supplier<Throwable>> thrown() {
        return Stream.of(
                () -> new IOException("checked"),
                () -> new IllegalStateException("runtime"),
                () -> new AssertionError("assertion"),
                () -> new InterruptedException("interrupt"),
                () -> new OutOfMemoryError("memory"),
                () -> new StackOverflowError("stack"),
                () -> new InternalError("internal"),
                () -> new NoClassDefFoundError("linkage"),
                () -> new ExceptionInInitializerError("initializer"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    private static void assertStopped(AssertableApplicationContext context, Class<?> customizer, Throwable thrown) {
        MessagingException refused = StartReport.refusalOf(context);

        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(refused.subject()).contains(customizer.getName());
        assertThat(refused).rootCause().isSameAs(thrown);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void thatOfTheClientStopsTheStart(Supplier<Throwable> made) {
        Throwable thrown = made.get();
        MessageClientBuilderCustomizer customizer = builder -> {
            throw CustomizersThatThrowTest.<RuntimeException>asItIs(thrown);
        };
        runner.withBean(MessageClientBuilderCustomizer.class, () -> customizer)
                .run(context -> assertStopped(context, customizer.getClass(), thrown));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void thatOfAListenerStopsTheStart(Supplier<Throwable> made) {
        Throwable thrown = made.get();
        LeaseConsumerCustomizer customizer = (listener, consumer) -> {
            throw CustomizersThatThrowTest.<RuntimeException>asItIs(thrown);
        };
        runner.withBean(LeaseConsumerCustomizer.class, () -> customizer)
                .run(context -> assertStopped(context, customizer.getClass(), thrown));
    }

    /** Has one listener. */
    static final class Listening {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }
}
