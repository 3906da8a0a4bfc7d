package io.leasehold.observation;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What observations show of runs and publishes. */
class ObservationStagesTest {
    private static final String PROCESS = "messaging.process.duration";
    private static final String SEND = "messaging.client.operation.duration";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<MessagingEvent.Kind> events = new ArrayList<>();
    private MessageClient client = build(registry);

    private MessageClient build(ObservationRegistry used) {
        ObservationStages stages = ObservationStages.builder(used)
                .system(broker.name())
                .server("here", 4222)
                .build();
        MessageClientBuilder builder = MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .stages(stages)
                .recorder(new Recorder() {
                    @Override
                    public void event(MessagingEvent event) {
                        events.add(event.kind());
                    }
                });
        return builder.build();
    }

    @AfterEach
    void close() {
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(Duration.ofSeconds(2));
    }

    private void run(MessageConsumer<String> consumer, Handler<String> handler) {
        consumer.handle(handler).subscribe(outcomes::add, error -> {});
    }

    private void publish(String body) {
        client.publish(Message.to("quakes.nc").id("id-" + body).body(body)).subscribe(receipt -> {}, error -> {});
    }

    @Test
    void aRunAndAPublishAreObservedWithTheNamesOfOpenTelemetry() {
        run(consumer(), delivery -> Mono.empty());
        publish("a");

        assertThat(registry)
                .hasObservationWithNameEqualTo(PROCESS)
                .that()
                .hasBeenStopped()
                .hasContextualNameEqualTo("process quakes.>")
                .hasLowCardinalityKeyValue("messaging.system", broker.name())
                .hasLowCardinalityKeyValue("messaging.operation.name", "process")
                .hasLowCardinalityKeyValue("messaging.operation.type", "process")
                .hasLowCardinalityKeyValue("messaging.destination.name", "quakes.>")
                .hasLowCardinalityKeyValue("messaging.consumer.group.name", "assessors")
                .hasLowCardinalityKeyValue("leasehold.outcome", "acked")
                .hasLowCardinalityKeyValue("error.type", "none")
                .hasHighCardinalityKeyValue("messaging.message.id", "id-a")
                .hasHighCardinalityKeyValue("messaging.message.body.size", "1")
                .hasHighCardinalityKeyValue("leasehold.topic", "quakes.nc")
                .hasHighCardinalityKeyValue("leasehold.delivery.count", "1");
        assertThat(registry)
                .hasObservationWithNameEqualTo(SEND)
                .that()
                .hasBeenStopped()
                .hasContextualNameEqualTo("send quakes.nc")
                .hasLowCardinalityKeyValue("server.address", "here")
                .hasLowCardinalityKeyValue("server.port", "4222")
                .hasLowCardinalityKeyValue("leasehold.outcome", "confirmed")
                .hasHighCardinalityKeyValue("messaging.message.id", "id-a");
    }

    @Test
    void theKeysOfMetersAreThoseThatAreDocumented() {
        run(
                consumer().touch(TouchMode.NEVER),
                delivery -> delivery.deliveryCount() == 1 ? Mono.error(new IllegalStateException()) : Mono.never());
        publish("a");
        client.publish(Message.to("nobody.listens").body("x")).subscribe(receipt -> {}, error -> {});
        time.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(registry)
                .forAllObservationsWithNameEqualTo(
                        PROCESS, observed -> observed.hasSubsetOfKeys(names(LeaseholdObservations.PROCESS)));
        assertThat(registry)
                .forAllObservationsWithNameEqualTo(
                        SEND, observed -> observed.hasSubsetOfKeys(names(LeaseholdObservations.SEND)));
    }

    private static String[] names(LeaseholdObservations observations) {
        List<String> all = new ArrayList<>();
        for (var key : observations.getLowCardinalityKeyNames()) {
            all.add(key.asString());
        }
        for (var key : observations.getHighCardinalityKeyNames()) {
            all.add(key.asString());
        }
        return all.toArray(new String[0]);
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatAHandlerPublishesIsAChildOfItsRun() {
        run(
                consumer(),
                delivery -> delivery.body().equals("a")
                        ? delivery.publish(Message.to("quakes.derived").body("b"))
                        : Mono.empty());
        publish("a");

        assertThat(registry)
                .hasAnObservation(observed -> observed.hasNameEqualTo(SEND)
                        .hasLowCardinalityKeyValue("messaging.destination.name", "quakes.derived")
                        .hasParentObservationContextMatching(parent ->
                                ((Observation.ContextView) parent).getName().equals(PROCESS)));
    }

    @Test
    void theTraceTravelsInTheHeaders() {
        List<String> arrived = new ArrayList<>();
        TestObservationRegistry tracing = TestObservationRegistry.create();
        tracing.observationConfig().observationHandler(new ObservationHandler<SendContext>() {
            @Override
            public void onStart(SendContext context) {
                context.getSetter().set(context.getCarrier(), "traceparent", "00-abc-01");
                context.getSetter().set(context.getCarrier(), "baggage", "not\nallowed");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SendContext;
            }
        });
        tracing.observationConfig().observationHandler(new ObservationHandler<ProcessContext>() {
            @Override
            public void onStart(ProcessContext context) {
                arrived.add(context.getGetter().get(context.getCarrier(), "traceparent"));
                arrived.add(context.getGetter().get(context.getCarrier(), "baggage"));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ProcessContext;
            }
        });
        client = build(tracing);
        run(consumer(), delivery -> Mono.empty());
        publish("a");
        assertThat(arrived).containsExactly("00-abc-01", null);
        assertThat(outcomes).hasSize(1);
    }

    /** Gives each publish a trace of its own, and says of each what went before. */
    private MessageClient tracing(List<String> sent) {
        ObservationRegistry tracing = ObservationRegistry.create();
        tracing.observationConfig().observationHandler(new ObservationHandler<SendContext>() {
            @Override
            public void onStart(SendContext context) {
                Observation.ContextView parent = context.getParentObservation() == null
                        ? null
                        : context.getParentObservation().getContextView();
                sent.add(context.message().topic() + " after "
                        + (parent instanceof ProcessContext run ? run.message().topic() : "nothing"));
                context.getSetter().set(context.getCarrier(), "traceparent", "trace-" + sent.size());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SendContext;
            }
        });
        tracing.observationConfig()
                .observationHandler((ObservationHandler<ProcessContext>) context -> context instanceof ProcessContext);
        return build(tracing);
    }

    @Test
    void aMessageThatIsPassedOnHasTheTraceOfItsOwnPublishOnly() {
        List<String> sent = new ArrayList<>();
        List<String> arrived = new ArrayList<>();

        client = tracing(sent);
        client.consumer("copies.>", "readers", String.class)
                .handle(delivery -> {
                    arrived.addAll(delivery.headers().all("TraceParent"));
                    return Mono.empty();
                })
                .subscribe();
        run(consumer(), delivery -> delivery.publish(delivery.message().topic("copies.nc")));
        publish("a");

        assertThat(sent).containsExactly("quakes.nc after nothing", "copies.nc after quakes.nc");
        assertThat(arrived).containsExactly("trace-2");
    }

    @Test
    void aDeadLetterGoesOnInTheTraceOfTheRunThatFailed() {
        List<String> sent = new ArrayList<>();
        client = tracing(sent);
        run(
                consumer().maxDeliveries(1).deadLetterTo("dead.quakes"),
                delivery -> Mono.error(new IllegalStateException("no")));
        publish("a");

        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(sent).containsExactly("quakes.nc after nothing", "dead.quakes after quakes.nc");
    }

    @Test
    void aRunThatLosesItsLeaseEndsWithTheReason() {
        run(consumer().touch(TouchMode.NEVER), delivery -> Mono.never());
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(1950));

        assertThat(registry)
                .hasObservationWithNameEqualTo(PROCESS)
                .that()
                .hasBeenStopped()
                .hasLowCardinalityKeyValue("leasehold.outcome", "lost")
                .hasLowCardinalityKeyValue("error.type", "LEASE_LOST");
    }

    @Test
    void anErrorIsOnItsObservation() {
        run(consumer(), delivery -> Mono.error(new IllegalStateException("no")));
        publish("a");
        assertThat(registry)
                .hasObservationWithNameEqualTo(PROCESS)
                .that()
                .hasError()
                .hasLowCardinalityKeyValue("leasehold.outcome", "naked")
                .hasLowCardinalityKeyValue("error.type", "java.lang.IllegalStateException");
        client.publish(Message.to("nobody.listens").body("x")).subscribe(receipt -> {}, error -> {});

        assertThat(registry)
                .hasAnObservation(observed -> observed.hasNameEqualTo(SEND)
                        .hasLowCardinalityKeyValue("error.type", "NO_GROUP")
                        .hasError());
    }

    @Test
    void nothingIsObservedWithoutAHandler() {
        ObservationRegistry silent = ObservationRegistry.create();
        List<Object> seen = new ArrayList<>();

        client = build(silent);
        run(
                consumer(),
                delivery -> Mono.deferContextual(context -> {
                    seen.add(context.hasKey(OpenObservations.KEY));
                    return Mono.empty();
                }));
        publish("a");

        assertThat(seen).containsExactly(false);
    }

    @Test
    void aHandlerOfTheRegistryThatThrowsStopsNoMessage() {
        ObservationRegistry broken = ObservationRegistry.create();
        broken.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                throw new IllegalStateException("broken");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        client = build(broken);
        run(consumer(), delivery -> Mono.empty());
        publish("a");
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(events.stream().filter(kind -> kind == MessagingEvent.Kind.FAULT))
                .hasSize(2);
    }

    @Test
    void observationsBecomeTimersWhoseLongOnesShowWhatIsStuck() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry metered = ObservationRegistry.create();

        metered.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        client = build(metered);
        run(consumer(), delivery -> delivery.body().equals("a") ? Mono.empty() : Mono.never());
        publish("a");
        publish("b");

        assertThat(meters.get(PROCESS).timer().count()).isEqualTo(1);
        assertThat(meters.get(PROCESS + ".active").longTaskTimer().activeTasks())
                .isEqualTo(1);
    }
}
