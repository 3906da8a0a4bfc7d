package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.message.Message;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The client where nothing but Reactor is on the class path. */
class WithoutOptionalLibrariesTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Class<?>[] NEEDED = {
        MessageClient.class, PublishAndHandle.class, Flux.class, Publisher.class, NullMarked.class, Logger.class
    };

    /** What is published comes to a handler; runs in a class loader of its own. */
    public static final class PublishAndHandle implements Callable<List<String>> {
        @Override
        public List<String> call() {
            MessageClient client = MessageClient.builder().build();
            Flux<String> outcomes = client.consumer("quakes.>", "assessors", String.class)
                    .handle(delivery -> Mono.empty())
                    .map(outcome -> outcome.topic() + " " + outcome.kind());
            Mono<String> publish =
                    client.publish(Message.to("quakes.nc").body("a")).retry(100).then(Mono.empty());
            List<String> seen =
                    outcomes.mergeWith(publish).take(1).collectList().block(LIMIT);
            int groups = client.snapshot().block(LIMIT).groups().size();
            client.close().block(LIMIT);
            return List.of(seen.toString(), "groups " + groups);
        }
    }

    /** Nothing is found in it but what comes with these classes, and what the JVM has. */
    private static final class Only extends URLClassLoader {
        private final String hidden;

        Only(String hidden, Class<?>... ofThese) {
            super(
                    Stream.of(ofThese)
                            .map(type ->
                                    type.getProtectionDomain().getCodeSource().getLocation())
                            .distinct()
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
            this.hidden = hidden;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(hidden)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @SuppressWarnings("unchecked")
        List<String> run() throws Exception {
            Class<?> type = loadClass(PublishAndHandle.class.getName());
            assertThat(type.getClassLoader()).isSameAs(this);
            return ((Callable<List<String>>) type.getConstructor().newInstance()).call();
        }
    }

    @Test
    void publishingAndHandlingNeedNeitherMicrometerNorResilience4j() throws Exception {
        try (Only loader = new Only("io.micrometer.", NEEDED)) {
            assertThat(loader.run()).containsExactly("[quakes.nc ACKED]", "groups 1");
            assertThatThrownBy(() -> loader.loadClass("io.github.resilience4j.circuitbreaker.CircuitBreaker"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void aJvmWithoutTheFlightRecorderIsGoodEnough() throws Exception {
        try (Only loader = new Only("jdk.jfr.", NEEDED)) {
            assertThat(loader.run()).containsExactly("[quakes.nc ACKED]", "groups 1");
        }
    }
}
