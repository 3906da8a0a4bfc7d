package io.leasehold.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.LiveRoom;
import io.leasehold.MessageClient;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** On which threads the observation of a run is the present one. */
class ObservedThreadsTest {
    @RegisterExtension
    final LiveRoom room = new LiveRoom();

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private MessageConsumer<String> observed() {
        registry.observationConfig().observationHandler((ObservationHandler<Observation.Context>) context -> true);
        ObservationStages stages = ObservationStages.of(registry);
        MessageClient client = room.client("observed", builder -> builder.stages(stages));
        return LiveRoom.consumer(client);
    }

    private void see(String where) {
        Observation present = registry.getCurrentObservation();
        Object id = present == null
                ? "nothing"
                : ((ProcessContext) present.getContext()).message().text();
        seen.add(where + " " + id);
    }

    private void handle(MessageConsumer<String> consumer, Handler<String> handler, String... bodies) {
        // Long enough that none is lost, whoever takes the processor away for a while.
        MessageConsumer<String> held = consumer.leaseTime(Duration.ofSeconds(30));
        Heard<Outcome> outcomes = room.hear(held.handle(handler));
        room.publish(bodies);
        room.await("all are handled", () -> outcomes.values().size() == bodies.length);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void aBlockingHandlerHasThatOfItsRun() {
        handle(observed().concurrency(1), Handler.blocking(delivery -> see(delivery.body())), "a", "b");
        assertThat(seen).containsExactly("a a", "b b");
    }

    @Test
    void whatABlockingHandlerPublishesIsAChildOfItsRun() {
        List<String> parents = new CopyOnWriteArrayList<>();
        registry.observationConfig().observationHandler(new ObservationHandler<SendContext>() {
            @Override
            public void onStart(SendContext context) {
                var parent = context.getParentObservation();
                parents.add(parent == null ? "none" : parent.getContextView().getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SendContext;
            }
        });
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> Mono.empty()));
        handle(
                observed(),
                Handler.blocking(delivery ->
                        delivery.publish(Message.to("echo.nc").body("b")).block(LiveRoom.LIMIT)),
                "a");
        assertThat(parents).containsExactly("messaging.process.duration");
    }

    @Test
    void aHandlerThatIsNotObservedHasNone() {
        handle(room.consumer(), Handler.blocking(delivery -> see(delivery.body())), "a");
        assertThat(seen).containsExactly("a nothing");
    }

    @Test
    void withAutomaticContextPropagationOperatorsHaveItToo() {
        Hooks.enableAutomaticContextPropagation();
        try {
            MessageConsumer<String> consumer = observed().concurrency(1);
            handle(
                    consumer,
                    delivery -> {
                        see("handler");
                        return Mono.fromRunnable(() -> see("operator"));
                    },
                    "a");
            assertThat(seen).containsExactly("handler a", "operator a");
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void withAutomaticContextPropagationABlockingHandlerHasItAllTheSame() {
        Hooks.enableAutomaticContextPropagation();
        try {
            handle(observed(), Handler.blocking(delivery -> see(delivery.body())), "a");
            assertThat(seen).containsExactly("a a");
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }
}
