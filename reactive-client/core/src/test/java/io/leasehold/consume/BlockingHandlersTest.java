package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.Threads;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blocking handlers: so many threads as the concurrency says, of their own, and clocks that start in the handler. */
class BlockingHandlersTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    // More than the ten for each core that all of a process share.
    private static final int MANY = 10 * Runtime.getRuntime().availableProcessors() + 12;

    @RegisterExtension
    final Room room = Room.fenced();

    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void open() {
        gate.countDown();
    }

    private final AtomicInteger interrupts = new AtomicInteger();

    private void stay(Delivery<String> delivery) {
        threads.add(Thread.currentThread().getName());
        inside.incrementAndGet();
        boolean interrupted = false;
        while (gate.getCount() > 0) {
            try {
                gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException deaf) {
                interrupted = true;
                interrupts.incrementAndGet();
            }
        }
        done.add(delivery.body() + (interrupted ? " interrupted" : ""));
    }

    // Several calls of one delivery hear of its loss, and all but the first of them when nobody listens any more.
    private static boolean isLost(Throwable error) {
        return error instanceof MessagingException told && told.code() == ErrorCode.LEASE_LOST;
    }

    private void awaitInterrupt() {
        Threads.await("it is interrupted", LIMIT, () -> interrupts.get() > 0);
    }

    private void awaitInside(int calls) {
        Threads.await(calls + " are inside", LIMIT, () -> inside.get() == calls);
    }

    // In small steps: threads are real, and what they take of them is not to look long to the client.
    private void awaitOutcomes(Heard<Outcome> outcomes, int messages) {
        Threads.await(messages + " have ended", LIMIT, () -> {
            room.pass(Duration.ofMillis(1));
            return outcomes.values().size() >= messages;
        });
    }

    @Test
    void asManyRunAtOnceAsTheConcurrencySays() {
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(MANY).handle(Handler.blocking(this::stay)));

        room.publish(MANY);
        awaitInside(MANY);
        gate.countDown();

        awaitOutcomes(outcomes, MANY);
        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        assertThat(threads).doesNotHaveDuplicates().allMatch(name -> name.startsWith("leasehold-assessors-"));
    }

    @Test
    void moreRunAtOnceWhenTheConcurrencyIsRaised() {
        MessageConsumer<String> consumer = room.consumer().concurrency(2);
        Heard<Outcome> outcomes = room.hear(consumer.handle(Handler.blocking(this::stay)));
        room.publish(MANY);
        awaitInside(2);

        consumer.control().apply(consumer.concurrency(MANY).settings()).subscribe();
        room.pass(Duration.ofMillis(10));

        awaitInside(MANY);
        gate.countDown();
        awaitOutcomes(outcomes, MANY);
        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
    }

    // Four calls of one run take all threads that a pool for two has; where threads are virtual, nothing ever waits.
    @Test
    void toWaitForAThreadIsNoFailureOfTheMessage() {
        Handler<String> blocking = Handler.blocking(this::stay);
        Handler<String> quick = Handler.blocking(delivery -> done.add(delivery.body()));
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(2)
                .handlerTimeout(Duration.ofSeconds(30))
                .maxHold(Duration.ofMinutes(1))
                .maxDeliveries(1)
                .deliveries()
                .flatMap(delivery -> delivery.settleBy(
                        delivery.body().equals("0")
                                ? Flux.range(0, 4)
                                        .flatMap(call -> Mono.from(blocking.handle(delivery))
                                                .onErrorComplete(BlockingHandlersTest::isLost))
                                : quick.handle(delivery))));
        room.publish("0");
        awaitInside(4);

        room.publish("waits");
        room.pass(Duration.ofMinutes(3));
        gate.countDown();

        Threads.await("what waited has ended", LIMIT, () -> {
            room.pass(Duration.ofMillis(1));
            return outcomes.values().stream()
                    .anyMatch(outcome -> "waits".equals(outcome.id().value()));
        });
        assertThat(List.copyOf(outcomes.values()))
                .filteredOn(outcome -> "waits".equals(outcome.id().value()))
                .extracting(Outcome::kind)
                .containsExactly(Outcome.Kind.ACKED);
        assertThat(done).contains("waits");
    }

    @Test
    void theTimeoutOfATryCountsFromItsEntry() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(1)
                .handlerTimeout(Duration.ofSeconds(30))
                .maxDeliveries(1)
                .handle(Handler.blocking(this::stay)));
        room.publish("a");
        awaitInside(1);

        room.pass(Duration.ofSeconds(29));
        assertThat(outcomes.values()).isEmpty();
        room.pass(Duration.ofSeconds(2));
        awaitInterrupt();
        gate.countDown();

        awaitOutcomes(outcomes, 1);
        assertThat(Room.kinds(outcomes)).doesNotContain(Outcome.Kind.ACKED);
        assertThat(done).containsExactly("a interrupted");
    }

    @Test
    void theEndOfASubscriptionInterruptsWhatItStarted() {
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(2).handle(Handler.blocking(delivery -> {
            inside.incrementAndGet();
            try {
                gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException cancelled) {
                done.add(delivery.body());
            }
        })));
        room.publish("a", "b");
        awaitInside(2);

        outcomes.cancel();
        room.pass(Duration.ofSeconds(1));

        Threads.await("both are interrupted", LIMIT, () -> done.size() == 2);
    }

    @Test
    void aBatchMayBlock() {
        List<Integer> sizes = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(1)
                .handleBatch(BatchSettings.ofSize(3), BatchHandler.blocking(all -> {
                    sizes.add(all.size());
                    threads.add(Thread.currentThread().getName());
                    if (all.size() > 1) {
                        throw new IllegalStateException("not together");
                    }
                })));

        room.publish("a", "b", "c");

        awaitOutcomes(outcomes, 3);
        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        assertThat(sizes).containsExactly(3, 1, 1, 1);
        assertThat(threads).allMatch(name -> name.startsWith("leasehold-assessors-"));
    }

    @Test
    void aBatchThatBlocksIsInterruptedWhenALeaseIsLost() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(1)
                .touch(TouchMode.NEVER)
                .handleBatch(BatchSettings.ofSize(2), BatchHandler.blocking(all -> stay(all.get(0)))));
        room.publish("a", "b");
        awaitInside(1);

        room.pass(Room.T);
        awaitInterrupt();
        gate.countDown();

        Threads.await("it has left", LIMIT, () -> !done.isEmpty());
        awaitOutcomes(outcomes, 4);
        assertThat(done.get(0)).isEqualTo("a interrupted");
        assertThat(List.copyOf(outcomes.values()).subList(0, 2))
                .extracting(Outcome::loss)
                .containsOnly(LeaseLoss.EXPIRED);
    }

    @Test
    void aPoolTakesAsManyCallsAsTheConcurrencySaysAndEndsWithItsConsumer() {
        AtomicInteger concurrency = new AtomicInteger(2);
        BlockingThreads pool = new BlockingThreads("pooled", concurrency::get, null);
        concurrency.set(MANY);
        IntStream.range(0, MANY)
                .forEach(call -> pool.start(() -> {
                    inside.incrementAndGet();
                    try {
                        gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException ended) {
                        done.add("interrupted");
                    }
                }));
        awaitInside(MANY);

        pool.dispose();

        Threads.await("all are interrupted", LIMIT, () -> done.size() == MANY);
    }

    @Test
    void whenTheConsumerHasEndedNoThreadTakesACallOfAnyKind() {
        for (ThreadFactory made : Arrays.asList((ThreadFactory) null, Thread::new)) {
            BlockingThreads ended = new BlockingThreads("ended", () -> 1, made);
            ended.dispose();
            assertThatThrownBy(() -> ended.start(inside::incrementAndGet))
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }
}
