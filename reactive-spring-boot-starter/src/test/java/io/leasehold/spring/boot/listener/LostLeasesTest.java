package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Outcome;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A listener of any shape is cancelled when its lease is lost, and its message is handled again. */
@SpringBootTest(
        classes = {Probe.class, LostLeasesTest.Desk.class},
        webEnvironment = WebEnvironment.NONE,
        properties = {"leasehold.consumer.lease-time=4s", "leasehold.consumer.touch=never"})
@EnableAutoConfiguration
class LostLeasesTest {
    private static final List<String> TOPICS = List.of("mono", "flux", "future", "nothing", "value");

    @Autowired
    private ApplicationContext context;

    @Autowired
    private Probe probe;

    @Autowired
    private Desk desk;

    // All at once: the lease is long enough for a machine that has much else to do.
    @Test
    void eachIsCancelledAndHandledAgain() {
        for (String topic : TOPICS) {
            Probe.publish(context, Message.to(topic).id(topic).body(topic));
        }

        assertThat(TOPICS).allSatisfy(topic -> {
            List<Outcome> outcomes = probe.await(topic, 2);
            assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED);
            assertThat(outcomes.get(0).loss()).isEqualTo(LeaseLoss.EXPIRED);
            assertThat(outcomes).extracting(Outcome::deliveryCount).containsExactly(1, 2);
            assertThat(desk.cancelled).containsOnlyOnce(topic);
        });
    }

    /** Works for ever when it sees a message first. */
    static final class Desk {
        final List<String> cancelled = new CopyOnWriteArrayList<>();
        private final ConcurrentMap<String, AtomicInteger> seen = new ConcurrentHashMap<>();

        private boolean isFirst(String body) {
            return seen.computeIfAbsent(body, any -> new AtomicInteger()).incrementAndGet() == 1;
        }

        @LeaseListener(topic = "mono", group = "mono")
        Mono<Void> mono(String body) {
            return isFirst(body) ? Mono.<Void>never().doOnCancel(() -> cancelled.add(body)) : Mono.empty();
        }

        @LeaseListener(topic = "flux", group = "flux")
        Flux<Integer> flux(String body) {
            return isFirst(body)
                    ? Flux.just(1, 2).concatWith(Flux.never()).doOnCancel(() -> cancelled.add(body))
                    : Flux.just(1, 2);
        }

        @LeaseListener(topic = "future", group = "future")
        CompletionStage<Void> future(String body) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            future.whenComplete((nothing, error) -> {
                if (future.isCancelled()) {
                    cancelled.add(body);
                }
            });
            if (!isFirst(body)) {
                future.complete(null);
            }
            return future;
        }

        @LeaseListener(topic = "nothing", group = "nothing")
        void nothing(String body) throws InterruptedException {
            awaitInterrupt(body);
        }

        @LeaseListener(topic = "value", group = "value")
        String value(String body) throws InterruptedException {
            awaitInterrupt(body);
            return "dropped";
        }

        private void awaitInterrupt(String body) throws InterruptedException {
            if (isFirst(body)) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException interrupted) {
                    cancelled.add(body);
                    throw interrupted;
                }
            }
        }
    }
}
