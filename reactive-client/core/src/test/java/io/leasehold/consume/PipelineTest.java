package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** Deliveries in the user's own pipelines, and batches, on the embedded broker in virtual time. */
class PipelineTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Disposable.Composite running = Disposables.composite();
    private final MessageClient client = dressed(MessageClient.builder())
            .broker(broker)
            .timeScheduler(time)
            .userScheduler(Schedulers.immediate())
            .cancelScheduler(Schedulers.immediate())
            .build();

    /** What the client has besides. */
    MessageClientBuilder dressed(MessageClientBuilder plain) {
        return plain;
    }

    @AfterEach
    void close() {
        running.dispose();
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("q", "g", String.class).leaseTime(Duration.ofSeconds(2));
    }

    private void publish(String... bodies) {
        for (String body : bodies) {
            client.publish(Message.to("q").body(body)).subscribe();
        }
    }

    private void collect(Flux<Outcome> flux) {
        running.add(flux.subscribe(outcomes::add));
    }

    private List<Outcome.Kind> kinds() {
        return outcomes.stream().map(Outcome::kind).toList();
    }

    @Test
    void eachDeliveryIsSettledByItsOwnWork() {
        collect(consumer().deliveries().flatMap(d -> d.settleBy(Mono.delay(Duration.ofMillis(10), time)), 64));
        publish("a", "b");
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(kinds()).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void aDeliveryThatNobodyAttachesToIsNotTouchedAndComesAgain() {
        List<Delivery<String>> seen = new ArrayList<>();
        running.add(consumer().deliveries().subscribe(seen::add));
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(2500));
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).lease().isHeld()).isFalse();
        seen.get(0).settleBy(Mono.empty()).subscribe(outcomes::add);

        assertThat(outcomes).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
    }

    @Test
    void aDeliveryThatIsKeptLivesUntilWorkIsAttached() {
        List<Delivery<String>> seen = new ArrayList<>();
        running.add(consumer().deliveries().subscribe(d -> seen.add(d.keep())));
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(seen).hasSize(1);
        seen.get(0).settleBy(Mono.empty()).subscribe(outcomes::add);

        assertThat(kinds()).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void demandIsCredit() {
        List<Delivery<String>> seen = new ArrayList<>();
        reactor.test.StepVerifier.create(consumer().deliveries().doOnNext(seen::add), 1)
                .then(() -> publish("a", "b", "c"))
                .expectNextCount(1)
                .then(() -> assertThat(seen).hasSize(1))
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify(Duration.ofSeconds(5));

        assertThat(seen).hasSize(2);
    }

    @Test
    void workHasTheContextOfWhoeverSettlesByIt() {
        List<String> seen = new ArrayList<>();
        Mono<Void> work = Mono.deferContextual(context -> {
            seen.add(context.get("desk"));
            return Mono.empty();
        });

        collect(consumer()
                .deliveries()
                .concatMap(delivery -> delivery.settleBy(work).contextWrite(Context.of("desk", "of one")))
                .contextWrite(Context.of("desk", "of all")));
        publish("a");
        collect(client.consumer("q", "archivists", String.class)
                .deliveries()
                .concatMap(delivery ->
                        Deliveries.settleBy(List.of(delivery), work).contextWrite(Context.of("desk", "of many"))));
        publish("b");

        assertThat(seen).containsExactlyInAnyOrder("of one", "of one", "of many");
    }

    @Test
    void aPipelineOfOnesOwnSettlesInBatches() {
        collect(consumer()
                .concurrency(8)
                .through(flux -> flux.bufferTimeout(2, Duration.ofMillis(50), time)
                        .concatMap(list -> Deliveries.settleBy(list, Mono.delay(Duration.ofMillis(5), time)))));
        publish("a", "b", "c");
        time.advanceTimeBy(Duration.ofMillis(200));

        assertThat(kinds()).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void whatAPipelineDropsIsReleasedWhenItEnds() {
        List<String> taken = new ArrayList<>();
        collect(consumer().through(flux -> flux.take(1).then()));
        publish("a");
        running.add(client.consumer("q", "g", String.class)
                .leaseTime(Duration.ofSeconds(2))
                .handle(d -> Mono.fromRunnable(() -> taken.add(d.body())))
                .subscribe());
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(kinds()).containsExactly(Outcome.Kind.RELEASED);
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(taken).containsExactly("a");
    }

    @Test
    void aBatchIsOneRunAndAcksAll() {
        List<Integer> sizes = new ArrayList<>();
        collect(consumer().concurrency(1).handleBatch(BatchSettings.ofSize(3), batch -> {
            sizes.add(batch.size());
            return Mono.empty();
        }));
        publish("a", "b", "c", "d");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(sizes).containsExactly(3, 1);
        assertThat(kinds()).hasSize(4).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void afterAnErrorTheMembersOfABatchAreHandledOneByOne() {
        List<List<String>> calls = new ArrayList<>();
        MessageConsumer<String> consumer = consumer().concurrency(1).redelivery(Backoff.fixed(Duration.ofHours(1)));

        collect(consumer.handleBatch(BatchSettings.ofSize(3), batch -> {
            calls.add(batch.stream().map(Delivery::body).toList());
            boolean bad = batch.stream().anyMatch(d -> d.body().equals("b"));
            return bad ? Mono.error(new IllegalStateException("b")) : Mono.empty();
        }));
        publish("a", "b", "c");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(calls).containsExactly(List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c"));
        assertThat(kinds()).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.NAKED, Outcome.Kind.ACKED);
    }

    @Test
    void afterALossTheOthersOfABatchAreHandledAgainTogether() {
        List<List<String>> calls = new ArrayList<>();
        collect(consumer().concurrency(1).handleBatch(BatchSettings.ofSize(3), batch -> {
            calls.add(batch.stream().map(Delivery::body).toList());
            boolean first = calls.size() == 1;
            return first ? batch.get(1).lease().nak(Duration.ofHours(1)).then(Mono.never()) : Mono.empty();
        }));
        publish("a", "b", "c");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(calls).containsExactly(List.of("a", "b", "c"), List.of("a", "c"));
    }
}
