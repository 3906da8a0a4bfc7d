package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.consume.Handler;
import io.leasehold.message.Message;
import io.leasehold.observation.ObservationStages;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The client where nothing but Reactor is on the class path. */
class WithoutOptionalLibrariesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Class<?>[] NEEDED = {
        MessageClient.class, PublishAndHandle.class, Flux.class, Publisher.class, NullMarked.class, Logger.class
    };

    /** What is published comes to a handler that blocks; runs in a class loader of its own. */
    public static final class PublishAndHandle implements Callable<List<String>> {
        @Override
        public List<String> call() {
            return publishAndHandle(MessageClient.builder().build());
        }

        static List<String> publishAndHandle(MessageClient client) {
            Flux<String> outcomes = client.consumer("quakes.>", "assessors", String.class)
                    .handle(Handler.blocking(delivery -> {}))
                    .map(outcome -> outcome.topic() + " " + outcome.kind());
            Mono<String> publish =
                    client.publish(Message.to("quakes.nc").body("a")).retry(100).then(Mono.empty());
            List<String> seen = outcomes.mergeWith(publish)
                    .concatMap(outcome -> client.snapshot()
                            .map(snapshot ->
                                    outcome + ", groups " + snapshot.groups().size()))
                    .take(1)
                    .collectList()
                    .block(LIMIT);
            client.close().block(LIMIT);
            return seen;
        }
    }

    /** As above, observed. */
    public static final class Observed implements Callable<List<String>> {
        @Override
        public List<String> call() {
            List<String> names = new CopyOnWriteArrayList<>();
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig().observationHandler(new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    names.add(context.getName());
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            });
            ObservationStages stages = ObservationStages.of(registry);
            PublishAndHandle.publishAndHandle(
                    MessageClient.builder().stages(stages).build());
            return names.stream().distinct().sorted().toList();
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

        List<String> run() throws Exception {
            return run(PublishAndHandle.class);
        }

        @SuppressWarnings("unchecked")
        List<String> run(Class<? extends Callable<List<String>>> what) throws Exception {
            Class<?> type = loadClass(what.getName());
            assertThat(type.getClassLoader()).isSameAs(this);
            return ((Callable<List<String>>) type.getConstructor().newInstance()).call();
        }
    }

    @Test
    void publishingAndHandlingNeedNeitherMicrometerNorResilience4j() throws Exception {
        try (Only loader = new Only("io.micrometer.", NEEDED)) {
            assertThat(loader.run()).containsExactly("quakes.nc ACKED, groups 1");
            assertThatThrownBy(() -> loader.loadClass("io.github.resilience4j.circuitbreaker.CircuitBreaker"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void observingNeedsNoMeters() throws Exception {
        Class<?>[] needed = Stream.concat(Stream.of(NEEDED), Stream.of(Observation.class, KeyValue.class))
                .toArray(Class<?>[]::new);
        try (Only loader = new Only("io.micrometer.core.", needed)) {
            assertThat(loader.run(Observed.class))
                    .containsExactly("messaging.client.operation.duration", "messaging.process.duration");
        }
    }

    @Test
    void aJvmWithoutTheFlightRecorderIsGoodEnough() throws Exception {
        try (Only loader = new Only("jdk.jfr.", NEEDED)) {
            assertThat(loader.run()).containsExactly("quakes.nc ACKED, groups 1");
        }
    }
}
