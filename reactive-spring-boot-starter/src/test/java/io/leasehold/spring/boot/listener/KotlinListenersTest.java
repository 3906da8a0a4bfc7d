package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Disposition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.future.FutureKt;
import kotlinx.coroutines.reactive.AwaitKt;
import kotlinx.coroutines.reactive.ReactiveFlowKt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Listeners as Kotlin compiles them: functions that suspend, and that return a Flow or a Deferred. Each is acked when
 * its work has been done, and not before.
 */
@SpringBootTest(
        classes = {Probe.class, KotlinListenersTest.Functions.class},
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "leasehold.consumer.max-deliveries=1",
            "leasehold.consumer.dead-letter-to=dead.letters",
            "leasehold.listeners.lost.max-deliveries=5",
            "leasehold.listeners.lost.lease-time=4s",
            "leasehold.listeners.lost.touch=never",
            "leasehold.listeners.lost-deferred.max-deliveries=5",
            "leasehold.listeners.lost-deferred.lease-time=4s",
            "leasehold.listeners.lost-deferred.touch=never"
        })
@EnableAutoConfiguration
class KotlinListenersTest {
    @Autowired
    private ApplicationContext context;

    @Autowired
    private Probe probe;

    @Autowired
    private Functions functions;

    @BeforeEach
    void forget() {
        probe.forget();
        functions.seen.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"at.once", "later", "for.a.flow", "flow", "deferred"})
    void whatCompletesIsAckedAfterItRan(String topic) {
        Probe.publish(context, Message.to(topic).body("a"));

        assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        assertThat(functions.seen).containsExactly(topic + " a");
    }

    @ParameterizedTest
    @CsvSource({"throws, IOException", "fails.later, IOException", "flow.fails, IOException"})
    void anErrorIsOneOfThatMessageOnly(String topic, String error) {
        Probe.publish(context, Message.to(topic).body("a"));

        Outcome outcome = probe.await(1).get(0);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
        assertThat(outcome.code()).isEqualTo(ErrorCode.HANDLER_FAILED);
        assertThat(outcome.error().getClass().getSimpleName()).isEqualTo(error);
    }

    @Test
    void aDispositionDecides() {
        Probe.publish(context, Message.to("decides").body("a"));

        assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.TERMINATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "lost.deferred"})
    void theCoroutineIsCancelledWhenItsLeaseIsLost(String topic) {
        functions.calls.clear();
        Probe.publish(context, Message.to(topic).body("a"));

        List<Outcome> outcomes = probe.await(2);
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED);
        assertThat(outcomes.get(0).loss()).isEqualTo(LeaseLoss.EXPIRED);
        assertThat(functions.seen).containsExactly("cancelled a");
    }

    /** One function of each shape; its topic is its group. */
    static final class Functions {
        final List<String> seen = new CopyOnWriteArrayList<>();
        private final ConcurrentMap<String, AtomicInteger> calls = new ConcurrentHashMap<>();

        private <T> Mono<T> later(Mono<T> work) {
            return Mono.<T>empty().subscribeOn(Schedulers.parallel()).switchIfEmpty(work);
        }

        private Mono<Unit> see(String what) {
            return Mono.fromCallable(() -> {
                seen.add(what);
                return Unit.INSTANCE;
            });
        }

        @LeaseListener(topic = "at.once", group = "at-once")
        public Object atOnce(String body, Continuation<? super Unit> then) {
            seen.add("at.once " + body);
            return Unit.INSTANCE;
        }

        @LeaseListener(topic = "later", group = "later")
        public Object later(String body, Continuation<? super Unit> then) {
            return AwaitKt.awaitFirstOrNull(later(see("later " + body)), then);
        }

        @LeaseListener(topic = "for.a.flow", group = "for-a-flow")
        public Object forAFlow(String body, Continuation<? super Flow<Unit>> then) {
            return ReactiveFlowKt.asFlow(later(see("for.a.flow " + body)));
        }

        @LeaseListener(topic = "flow", group = "flow")
        public Flow<Unit> flow(String body) {
            return ReactiveFlowKt.asFlow(later(see("flow " + body)));
        }

        @LeaseListener(topic = "deferred", group = "deferred")
        public Deferred<Unit> deferred(String body) {
            return FutureKt.asDeferred(later(see("deferred " + body)).toFuture());
        }

        @LeaseListener(topic = "throws", group = "throws")
        public Object fails(String body, Continuation<? super Unit> then) throws IOException {
            throw new IOException("planted");
        }

        @LeaseListener(topic = "fails.later", group = "fails-later")
        public Object failsLater(String body, Continuation<? super Unit> then) {
            return AwaitKt.awaitFirstOrNull(later(Mono.error(new IOException("planted"))), then);
        }

        @LeaseListener(topic = "flow.fails", group = "flow-fails")
        public Flow<Unit> flowFails(String body) {
            return ReactiveFlowKt.asFlow(Flux.error(new IOException("planted")));
        }

        @LeaseListener(topic = "decides", group = "decides")
        public Object decides(String body, Continuation<? super Disposition> then) {
            return AwaitKt.awaitFirstOrNull(later(Mono.just(Disposition.terminate("no"))), then);
        }

        @LeaseListener(topic = "lost", group = "lost")
        public Object lost(String body, Continuation<? super Unit> then) {
            return AwaitKt.awaitFirstOrNull(neverAtFirst(body), then);
        }

        @LeaseListener(topic = "lost.deferred", group = "lost-deferred")
        public Deferred<Unit> lostDeferred(String body) {
            return FutureKt.asDeferred(neverAtFirst(body).toFuture());
        }

        private Mono<Unit> neverAtFirst(String body) {
            int call = calls.computeIfAbsent(body, any -> new AtomicInteger()).incrementAndGet();
            return call == 1
                    ? Mono.<Unit>never().doOnCancel(() -> seen.add("cancelled " + body))
                    : Mono.just(Unit.INSTANCE);
        }
    }
}
