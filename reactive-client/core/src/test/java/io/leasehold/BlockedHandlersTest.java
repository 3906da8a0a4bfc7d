package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whatever user code blocks, leases are kept and ended on time, slots stay taken, and the rest goes on: with real
 * threads.
 */
class BlockedHandlersTest {
    // Of what is not to be lost, whoever takes the processor away for a while.
    private static final Duration LONG = Duration.ofSeconds(8);

    @RegisterExtension
    final LiveRoom room = new LiveRoom();

    private MessageConsumer<String> blocking(int concurrency) {
        return room.consumer().concurrency(concurrency);
    }

    @Test
    @Scenario(1)
    void closeIsCalledFromManyThreadsAtOnce() throws InterruptedException {
        room.hear(room.consumer().handle(delivery -> Mono.never()));
        room.publish("a", "b");
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Heard<Void>> closes = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 40; i++) {
            callers.execute(() -> closes.add(Heard.of(room.client().close())));
        }
        callers.shutdown();
        assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(closes).hasSize(40);
        room.await("all closes have ended", () -> closes.stream().allMatch(Heard::hasCompleted));
    }

    @Test
    @Scenario(7)
    void aCallbackThatBlocksHoldsBackNobodyElse() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.hear(
                room.client().publish(Message.to("quakes.nc").body("blocks")).doOnNext(receipt -> room.blockDeafly()));
        List<Heard<PublishReceipt>> others = IntStream.range(0, 200)
                .mapToObj(i ->
                        room.hear(room.client().publish(Message.to("quakes.nc").body("other " + i))))
                .toList();
        room.await("the others are told", () -> others.stream().allMatch(Heard::hasCompleted));
    }

    @Test
    @Scenario(15)
    void redeliveriesOfWhatIsStuckStartNoMoreHandlersThanThereAreSlots() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(blocking(2).touch(TouchMode.NEVER).handle(Handler.blocking(delivery -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            room.blockDeafly();
            inside.decrementAndGet();
        })));

        room.publish("a", "b", "c", "d");
        room.await("both slots are taken", () -> inside.get() == 2);
        room.await("both leases are lost", () -> room.told().losses().size() >= 2);
        room.await("all wait at the broker", () -> room.group("assessors").queued() == 4);

        assertThat(inside).as("orphans keep their slots").hasValue(2);
        assertThat(most).hasValue(2);
        assertThat(outcomes.values()).isEmpty();
    }

    @Test
    @Scenario(26)
    void aHandlerThatPublishesAndWaitsIsServedWhenItMayBlock() {
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> Mono.empty()));
        Heard<Outcome> outcomes = room.hear(blocking(4)
                .leaseTime(LONG)
                .handle(Handler.blocking(
                        delivery -> delivery.publish(Message.to("echo.nc").body(delivery.body()))
                                .block(LiveRoom.LIMIT))));
        room.publish("a", "b", "c");
        room.await("all are handled", () -> outcomes.values().size() == 3);

        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    @Scenario(26)
    void aHandlerThatWaitsOnAThreadThatMustNotBlockIsRefusedAndNothingHangs() {
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> Mono.empty()));
        Heard<Outcome> outcomes = room.hear(blocking(4)
                .maxDeliveries(1)
                .handle(delivery ->
                        Mono.just(delivery.publish(Message.to("echo.nc").body(delivery.body()))
                                .block(LiveRoom.LIMIT))));
        room.publish("a", "b", "c");
        // What has failed comes again after a pause.
        room.await("all have ended", () -> outcomes.values().size() >= 3);

        assertThat(outcomes.values())
                .extracting(Outcome::error)
                .allSatisfy(error -> assertThat(error).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void touchesGoOutInTimeWhenEveryUserThreadIsBlocked() {
        MessageConsumer<String> consumer =
                LiveRoom.consumer(room.clientOfThreads(2)).leaseTime(LONG);
        AtomicInteger begun = new AtomicInteger();

        room.hear(consumer.concurrency(2).handle(delivery -> {
            begun.incrementAndGet();
            room.blockDeafly();
            return Mono.empty();
        }));
        room.publish("a", "b");
        room.await("both threads are blocked", () -> begun.get() == 2);
        room.await("leases live on touches", () -> room.told().touches() >= 6);

        assertThat(room.told().losses()).isEmpty();
        assertThat(begun).hasValue(2);
    }

    @Test
    void aLostLeaseReachesItsWorkWhenEveryUserThreadIsBlocked() {
        MessageConsumer<String> consumer = LiveRoom.consumer(room.clientOfThreads(1));
        AtomicInteger cancelled = new AtomicInteger();

        room.hear(consumer.concurrency(2).touch(TouchMode.NEVER).handle(delivery -> {
            if (delivery.body().equals("blocks")) {
                room.blockDeafly();
            }
            return Mono.never().doOnCancel(cancelled::incrementAndGet);
        }));
        room.publish("waits", "blocks");
        room.await("its work is cancelled", () -> cancelled.get() > 0);

        assertThat(room.told().losses()).contains(LeaseLoss.EXPIRED);
    }

    @Test
    @Scenario(1)
    void closeEndsWithinItsLimitWhenEveryUserThreadIsBlocked() {
        MessageClient client = room.clientOfThreads(2);
        AtomicInteger begun = new AtomicInteger();

        room.hear(LiveRoom.consumer(client).concurrency(2).handle(delivery -> {
            begun.incrementAndGet();
            room.blockDeafly();
            return Mono.empty();
        }));
        room.publish("a", "b");
        room.await("both threads are blocked", () -> begun.get() == 2);
        Heard<Void> closed = Heard.of(client.close());
        room.await("the client is closed", closed::hasEnded);

        assertThat(closed.hasCompleted()).isTrue();
    }

    @Test
    void whoeverIsToldHowALeaseEndsMayBlockAndHoldsBackNobody() {
        List<String> told = new CopyOnWriteArrayList<>();
        room.hear(room.consumer().leaseTime(LONG).concurrency(4).handle(delivery -> {
            delivery.lease()
                    .lost()
                    .doOnTerminate(() -> {
                        told.add(Thread.currentThread().getName());
                        room.blockDeafly();
                    })
                    .subscribe();
            return Mono.empty();
        }));
        room.publish("a", "b", "c");
        room.await("all are told", () -> told.size() == 3);
        AtomicReference<Delivery<?>> late = new AtomicReference<>();
        room.hear(room.client().consumer("late.>", "late", String.class).handle(delivery -> {
            late.set(delivery);
            return Mono.empty();
        }));
        room.hear(room.client().publish(Message.to("late.a").body("a")));
        room.await(
                "it is settled", () -> late.get() != null && !late.get().lease().isHeld());

        late.get()
                .lease()
                .lost()
                .doOnTerminate(() -> told.add(Thread.currentThread().getName()))
                .subscribe();

        room.await("who comes late is told, too", () -> told.size() == 4);
        assertThat(told).allMatch(name -> name.startsWith("leasehold-cancel"));
    }

    @Test
    void aBlockingHandlerIsInterruptedAtTheLossAndItsThreadIsNotInterruptedLater() {
        List<Boolean> interruptedAtStart = new CopyOnWriteArrayList<>();
        AtomicInteger blocked = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();

        Heard<Outcome> outcomes = room.hear(blocking(1).touch(TouchMode.NEVER).handle(Handler.blocking(delivery -> {
            interruptedAtStart.add(Thread.currentThread().isInterrupted());
            if (blocked.get() < 2) {
                blocked.incrementAndGet();
                try {
                    room.block();
                } catch (InterruptedException cancelled) {
                    interrupted.incrementAndGet();
                }
            }
        })));
        room.publish("a");
        room.await(
                "a run that does not block is acked",
                () -> outcomes.values().stream().anyMatch(outcome -> outcome.kind() == Outcome.Kind.ACKED));

        assertThat(interrupted).hasValue(2);
        assertThat(interruptedAtStart).hasSizeGreaterThanOrEqualTo(3).containsOnly(false);
    }

    @Test
    void aRunEndsWhenItsThreadHasLeftAndNotBefore() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(blocking(1)
                .handlerTimeout(Duration.ofMillis(200))
                .redelivery(Backoff.fixed(Duration.ofMinutes(1)))
                .handle(Handler.blocking(delivery -> {
                    begun.incrementAndGet();
                    room.blockDeafly();
                    left.incrementAndGet();
                })));

        room.publish("a");
        room.await("it has begun", () -> begun.get() == 1);
        room.await("it was given back", () -> room.group("assessors").held() == 0);
        assertThat(outcomes.values()).isEmpty();
        room.open();
        room.await("it is told when it has ended", () -> outcomes.values().size() == 1);

        assertThat(left).hasValue(1);
    }

    @Test
    void manySlowConsumersDoNotHoldBackAQuickOne() {
        MessageConsumer<String> slow =
                room.client().consumer("slow.>", "slow", String.class).leaseTime(LONG);
        room.hear(slow.concurrency(3).handle(Handler.blocking(delivery -> room.blockDeafly())));
        Flux.range(0, 10)
                .flatMap(i -> room.client().publish(Message.to("slow.x").body("s" + i)))
                .blockLast(LiveRoom.LIMIT);
        Heard<Outcome> quick = room.hear(room.consumer().leaseTime(LONG).handle(delivery -> Mono.empty()));
        for (int i = 0; i < 100; i++) {
            room.publish("q" + i);
        }
        room.await("the quick one has done all", () -> quick.values().size() == 100);

        room.await("the slow ones hold what they can", () -> room.group("slow").held() == 3);
    }
}
