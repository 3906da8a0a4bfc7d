package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.Lease;
import io.leasehold.message.BodyType;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Every shape of a listener, from a message to its outcome, on the embedded broker. */
@SpringBootTest(
        classes = {Probe.class, ListenerShapesTest.Shapes.class},
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "leasehold.consumer.max-deliveries=1",
            "leasehold.consumer.dead-letter-to=dead.letters",
            "leasehold.listeners.headers-strict.max-deliveries=5",
            "leasehold.listeners.decide-flux.max-deliveries=5",
            "leasehold.listeners.slow.lease-time=4s"
        })
@EnableAutoConfiguration
class ListenerShapesTest {
    private static final String QUAKE = "{\"magnitude\":4.4}";

    @Autowired
    private ApplicationContext context;

    @Autowired
    private Probe probe;

    @Autowired
    private Shapes shapes;

    @BeforeEach
    void forget() {
        probe.forget();
        shapes.seen.clear();
        shapes.threads.clear();
    }

    private static Message quake(String topic) {
        return Message.to(topic).key("nc").header("trace", "t-7").body(QUAKE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mono.void",
                "mono.value",
                "mono.empty",
                "flux",
                "publisher",
                "flow",
                "stage",
                "future",
                "value",
                "nothing",
                "delivery",
                "lease",
                "message",
                "headers",
                "headersas",
                "map",
                "private"
            })
    void whatCompletesIsAcked(String topic) {
        Probe.publish(context, quake(topic));

        assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(shapes.seen).containsExactly(topic + " " + Shapes.MAGNITUDE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | [{\"magnitude\":4.4}] | list 4.4",
                "list.delivery | [{\"magnitude\":4.4},{\"magnitude\":6.1}] | list.delivery 4.4 6.1",
                "list.map | {\"nc\":[{\"magnitude\":4.4}]} | list.map 4.4",
                "list.base | [{\"magnitude\":4.4}] | list.base 4.4",
            })
    void typeArgumentsOfABodyAreKept(String topic, String body, String seen) {
        assertAckedAndSeen(topic, body, seen);
    }

    private void assertAckedAndSeen(String topic, String body, String seen) {
        Probe.publish(context, Message.to(topic).body(body));

        assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(shapes.seen).containsExactly(seen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tombstone |''| null",
                "tombstone | null | null",
                "tombstone | {\"magnitude\":4.4} | 4.4",
                "tombstone.list |''| null",
                "tombstone.list | null | null",
                "tombstone.text |''| null",
                "tombstone.text | null | text null",
                "tombstone.bytes |''| null",
                "tombstone.delivery |''| null",
                "tombstone.delivery | null | null",
                "tombstone.both | null | null null",
            })
    void aMessageWithoutABodyIsNullWhereTheMethodTakesNull(String topic, String body, String seen) {
        assertAckedAndSeen(topic, body, seen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"value |''", "value | null", "list |''", "list | null", "delivery | null"})
    void itCannotBeDecodedWhereTheMethodDoesNot(String topic, String body) {
        Probe.publish(context, Message.to(topic).body(body));

        assertThat(probe.await(1)).extracting(Outcome::code).containsExactly(ErrorCode.DECODE_FAILED);
        assertThat(shapes.seen).isEmpty();
    }

    @Test
    void whatAPublisherSendsAsAListAListenerGetsAsOne() {
        StepVerifier.create(context.getBean(MessageClient.class)
                        .publisher()
                        .publish(
                                Message.to("list.delivery"),
                                List.of(new Quake(7.1), new Quake(7.9)),
                                new BodyType<List<Quake>>() {}))
                .expectNextCount(1)
                .expectComplete()
                .verify(Probe.LIMIT);

        probe.await(1);

        assertThat(shapes.seen).containsExactly("list.delivery 7.1 7.9");
    }

    @ParameterizedTest
    @CsvSource({
        "decide.mono, TERMINATED",
        "decide.stage, TERMINATED",
        "decide.value, TERMINATED",
        "decide.flux, NAKED",
    })
    void aDispositionDecides(String topic, Outcome.Kind kind) {
        Probe.publish(context, quake(topic));
        assertThat(probe.await(1).get(0).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fails.mono", "fails.stage", "throws.mono", "throws.stage", "throws.value", "throws.checked"})
    void anErrorIsOneOfThatMessageOnly(String topic) {
        Probe.publish(context, quake(topic));
        Probe.publish(context, quake("mono.void"));
        List<Outcome> outcomes = probe.await(2);

        assertThat(outcomes)
                .filteredOn(outcome -> outcome.topic().equals(topic))
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
                    assertThat(outcome.code()).isEqualTo(ErrorCode.HANDLER_FAILED);
                    assertThat(outcome.error())
                            .isInstanceOfAny(IllegalStateException.class, IOException.class)
                            .hasMessage("planted");
                });
        assertThat(context.getBean(LeaseListenerRegistry.class).statuses())
                .extracting(ListenerStatus::phase)
                .containsOnly(ListenerStatus.Phase.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({
        "null.mono, returned null",
        "null.stage, returned null",
        "wild, emitted a MonoJust",
        "wild.stage, emitted a MonoJust",
        "wild.flux, emitted a ",
        "hidden, does not say that it returns a HiddenStage",
    })
    void whatCannotBeWaitedForIsABadHandler(String topic, String what) {
        Probe.publish(context, quake(topic));
        Outcome outcome = probe.await(1).get(0);

        assertThat(outcome.code()).isEqualTo(ErrorCode.BAD_HANDLER);
        assertThat(outcome.error())
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(Shapes.class.getName());
    }

    @Test
    void aHeaderThatIsMissingOrOfAnotherFormIsLikeABodyThatCannotBeDecoded() {
        Probe.publish(
                context,
                Message.to("headers.strict").body(QUAKE).header("trace", "t").header("count", "many"));
        Probe.publish(context, Message.to("headers.strict").body(QUAKE).header("count", "1"));

        assertThat(probe.await(2)).allSatisfy(outcome -> {
            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
            assertThat(outcome.code()).isEqualTo(ErrorCode.DECODE_FAILED);
            assertThat(outcome.deliveryCount()).isEqualTo(1);
        });
        assertThat(shapes.seen).isEmpty();
    }

    @Test
    void aBodyThatCannotBeDecodedNeverReachesTheMethod() {
        Probe.publish(context, Message.to("broken").body("{"));
        Outcome outcome = probe.await(1).get(0);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
        assertThat(outcome.code()).isEqualTo(ErrorCode.DECODE_FAILED);
        assertThat(shapes.seen).isEmpty();
    }

    @Test
    void workThatIsLongerThanItsLeaseIsTouched() {
        Probe.publish(context, quake("slow"));
        Outcome outcome = probe.await(1).get(0);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ACKED);
        assertThat(outcome.deliveryCount()).isEqualTo(1);
    }

    @Test
    void aBlockingMethodRunsWhereBlockingIsAllowed() {
        Probe.publish(context, quake("nothing"));
        probe.await(1);

        assertThat(shapes.threads).singleElement().asString().startsWith("leasehold-nothing");
    }

    /** What the messages are about. */
    record Quake(double magnitude) {}

    /** What its subclass makes of a list is not known to it. */
    abstract static class Base<T> {
        final List<String> seen = new CopyOnWriteArrayList<>();

        abstract double magnitudeOf(T one);

        @LeaseListener(topic = "list.base", group = "list-base")
        void ofTheBase(List<T> bodies) {
            seen.add("list.base " + magnitudeOf(bodies.get(0)));
        }
    }

    /** One listener of each shape; its topic is its group. */
    static final class Shapes extends Base<Quake> {
        static final String MAGNITUDE = "4.4";

        final List<String> threads = new CopyOnWriteArrayList<>();

        private void see(String topic, Quake quake) {
            seen.add(topic + " " + quake.magnitude());
        }

        @LeaseListener(topic = "mono.void", group = "mono-void")
        Mono<Void> monoVoid(Quake quake) {
            return Mono.fromRunnable(() -> see("mono.void", quake));
        }

        @LeaseListener(topic = "mono.value", group = "mono-value")
        Mono<String> monoValue(Quake quake) {
            see("mono.value", quake);
            return Mono.just("dropped");
        }

        @LeaseListener(topic = "mono.empty", group = "mono-empty")
        Mono<String> monoEmpty(Quake quake) {
            see("mono.empty", quake);
            return Mono.empty();
        }

        @LeaseListener(topic = "flux", group = "flux")
        Flux<Integer> flux(Quake quake) {
            return Flux.range(1, 1000).doOnComplete(() -> see("flux", quake));
        }

        @LeaseListener(topic = "publisher", group = "publisher")
        Publisher<Integer> publisher(Quake quake) {
            return Flux.range(1, 3).doOnComplete(() -> see("publisher", quake));
        }

        @LeaseListener(topic = "flow", group = "flow")
        Flow.Publisher<Integer> flow(Quake quake) {
            return JdkFlowAdapter.publisherToFlowPublisher(Flux.range(1, 3).doOnComplete(() -> see("flow", quake)));
        }

        @LeaseListener(topic = "stage", group = "stage")
        CompletionStage<Void> stage(Quake quake) {
            return CompletableFuture.runAsync(() -> see("stage", quake)).minimalCompletionStage();
        }

        @LeaseListener(topic = "future", group = "future")
        CompletableFuture<String> future(Quake quake) {
            return CompletableFuture.supplyAsync(() -> {
                see("future", quake);
                return "dropped";
            });
        }

        @LeaseListener(topic = "value", group = "value")
        String value(Quake quake) {
            see("value", quake);
            return "dropped";
        }

        @LeaseListener(topic = "nothing", group = "nothing")
        void nothing(Quake quake) {
            threads.add(Thread.currentThread().getName());
            see("nothing", quake);
        }

        @LeaseListener(topic = "delivery", group = "delivery")
        Mono<Void> delivery(Delivery<Quake> delivery) {
            assertThat(delivery.id()).isPresent();
            assertThat(delivery.key()).contains("nc");
            return Mono.fromRunnable(() -> see("delivery", delivery.body()));
        }

        @LeaseListener(topic = "lease", group = "lease")
        Mono<Void> lease(Quake quake, Lease lease) {
            return lease.check().doOnSuccess(held -> see("lease", quake));
        }

        @LeaseListener(topic = "message", group = "message")
        void message(Message message) {
            assertThat(message.text()).contains(MAGNITUDE);
            seen.add("message " + MAGNITUDE);
        }

        @LeaseListener(topic = "headers", group = "headers")
        Mono<Void> headers(@LeaseHeader("TRACE") String trace, Quake quake, Headers all) {
            assertThat(trace).isEqualTo("t-7");
            assertThat(all.first("trace")).contains("t-7");
            return Mono.fromRunnable(() -> see("headers", quake));
        }

        @LeaseListener(topic = "headersas", group = "headers-as")
        Mono<Void> headersAs(
                @LeaseHeader("trace") String trace,
                @LeaseHeader("count") Optional<Integer> count,
                @LeaseHeader("since") @Nullable Duration since,
                @LeaseHeader("trace") List<String> traces,
                Quake quake) {
            assertThat(count).isEmpty();
            assertThat(since).isNull();
            assertThat(traces).containsExactly(trace);
            return Mono.fromRunnable(() -> see("headersas", quake));
        }

        @LeaseListener(topic = "headers.strict", group = "headers-strict")
        void headersStrict(@LeaseHeader("trace") String trace, @LeaseHeader("count") int count, Quake quake) {
            see("headers.strict", quake);
        }

        @LeaseListener(topic = "broken", group = "broken")
        Mono<Void> broken(Quake quake) {
            return Mono.fromRunnable(() -> see("broken", quake));
        }

        @LeaseListener(topic = "map", group = "map")
        void map(Map<String, Object> quake) {
            seen.add("map " + quake.get("magnitude"));
        }

        @Override
        double magnitudeOf(Quake quake) {
            return quake.magnitude();
        }

        @LeaseListener(topic = "list", group = "list")
        Mono<Void> list(List<Quake> quakes) {
            return Mono.fromRunnable(() -> see("list", quakes.get(0)));
        }

        @LeaseListener(topic = "list.delivery", group = "list-delivery")
        Mono<Void> deliveryOfAList(Delivery<List<Quake>> delivery) {
            String all = delivery.body().stream()
                    .map(quake -> " " + quake.magnitude())
                    .collect(Collectors.joining());
            return Mono.fromRunnable(() -> seen.add("list.delivery" + all));
        }

        @LeaseListener(topic = "list.map", group = "list-map")
        void mapOfLists(Map<String, List<Quake>> bySource) {
            see("list.map", bySource.get("nc").get(0));
        }

        @LeaseListener(topic = "tombstone", group = "tombstone")
        void tombstone(@Nullable Quake quake) {
            seen.add(quake == null ? "null" : String.valueOf(quake.magnitude()));
        }

        @LeaseListener(topic = "tombstone.list", group = "tombstone-list")
        Mono<Void> tombstoneList(@Nullable List<Quake> quakes) {
            return Mono.fromRunnable(() -> seen.add(String.valueOf(quakes)));
        }

        @LeaseListener(topic = "tombstone.text", group = "tombstone-text")
        void tombstoneText(@Nullable String text) {
            seen.add(text == null ? "null" : "text " + text);
        }

        @LeaseListener(topic = "tombstone.bytes", group = "tombstone-bytes")
        void tombstoneBytes(byte @Nullable [] bytes) {
            seen.add(String.valueOf((Object) bytes));
        }

        @LeaseListener(topic = "tombstone.delivery", group = "tombstone-delivery")
        void tombstoneDelivery(Delivery<@Nullable Quake> delivery) {
            seen.add(String.valueOf(delivery.body()));
        }

        @LeaseListener(topic = "tombstone.both", group = "tombstone-both")
        void tombstoneBoth(Delivery<Quake> delivery, @Nullable Quake quake) {
            seen.add(delivery.body() + " " + quake);
        }

        @LeaseListener(topic = "private", group = "private")
        private void hidden(Quake quake) {
            see("private", quake);
        }

        @LeaseListener(topic = "slow", group = "slow")
        Mono<Long> slow(Quake quake) {
            return Mono.delay(Duration.ofSeconds(5));
        }

        @LeaseListener(topic = "decide.mono", group = "decide-mono")
        Mono<Disposition> decideMono() {
            return Mono.just(Disposition.terminate("no"));
        }

        @LeaseListener(topic = "decide.stage", group = "decide-stage")
        CompletionStage<Disposition> decideStage() {
            return CompletableFuture.completedStage(Disposition.terminate("no"));
        }

        @LeaseListener(topic = "decide.value", group = "decide-value")
        Disposition decideValue() {
            return Disposition.terminate("no");
        }

        @LeaseListener(topic = "decide.flux", group = "decide-flux")
        Flux<Disposition> decideFlux() {
            return Flux.just(Disposition.ack(), Disposition.nak(Duration.ofHours(1)));
        }

        @LeaseListener(topic = "fails.mono", group = "fails-mono")
        Mono<Void> failsMono() {
            return Mono.error(new IllegalStateException("planted"));
        }

        @LeaseListener(topic = "fails.stage", group = "fails-stage")
        CompletionStage<Void> failsStage() {
            return CompletableFuture.failedStage(new IllegalStateException("planted"));
        }

        @LeaseListener(topic = "throws.mono", group = "throws-mono")
        Mono<Void> throwsMono() {
            throw new IllegalStateException("planted");
        }

        @LeaseListener(topic = "throws.stage", group = "throws-stage")
        CompletionStage<Void> throwsStage() {
            throw new IllegalStateException("planted");
        }

        @LeaseListener(topic = "throws.value", group = "throws-value")
        String throwsValue() {
            throw new IllegalStateException("planted");
        }

        @LeaseListener(topic = "throws.checked", group = "throws-checked")
        void throwsChecked() throws IOException {
            throw new IOException("planted");
        }

        @LeaseListener(topic = "null.mono", group = "null-mono")
        @Nullable
        Mono<Void> nullMono() {
            return null;
        }

        @LeaseListener(topic = "null.stage", group = "null-stage")
        @Nullable
        CompletionStage<Void> nullStage() {
            return null;
        }

        @LeaseListener(topic = "wild", group = "wild")
        Mono<?> wild() {
            return Mono.just(Mono.just(1));
        }

        @LeaseListener(topic = "wild.flux", group = "wild-flux")
        Flux<Object> wildFlux() {
            return Flux.just(1, (Callable<Integer>) () -> 2);
        }

        @LeaseListener(topic = "wild.stage", group = "wild-stage")
        CompletableFuture<Object> wildStage() {
            return CompletableFuture.completedFuture(Mono.just(1));
        }

        @LeaseListener(topic = "hidden", group = "hidden")
        Report hiddenStage() {
            return new HiddenStage();
        }
    }

    /** A value. */
    static class Report {}

    /** A value that is a publisher, too. */
    static final class HiddenStage extends Report implements Publisher<String> {
        @Override
        public void subscribe(Subscriber<? super String> actual) {
            Mono.just("hidden").subscribe(actual);
        }
    }
}
