package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.LockService;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.BoundResource;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.TouchMode;
import io.leasehold.nats.server.WithServers;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * Incident S1 on a server, which tells nobody that a lease ran out and settles for whoever asks: the redelivered
 * message, the lock, and the configuration that did not change.
 */
@WithServers
class NatsS1IT {
    private static final Duration J = Duration.ofMillis(100);

    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    private final LockService locks = new LockService();

    private Mono<BoundResource<LockService.Held>> lock(Delivery<String> delivery, String name, String holder) {
        return delivery.lease().bind(locks.acquire(name, holder), locks::release);
    }

    @Test
    @Scenario(8)
    void aHandlerThatTakesLongerThanItsLeaseIsCancelledBeforeAnotherInstanceStarts() {
        List<Long> cancelledAt = new CopyOnWriteArrayList<>();
        List<Long> startedAt = new CopyOnWriteArrayList<>();
        AtomicReference<Lease> orphaned = new AtomicReference<>();
        MessageConsumer<String> one = room.consumer();
        Heard<Outcome> first = room.hear(one.touch(TouchMode.NEVER).handle(delivery -> {
            orphaned.set(delivery.lease());
            return Mono.never().doOnCancel(() -> cancelledAt.add(System.nanoTime()));
        }));

        room.publish("a");
        room.await("it is held", () -> orphaned.get() != null);
        one.control().pause().subscribe();
        room.hear(room.consumer(room.client("two")).handle(delivery -> {
            startedAt.add(System.nanoTime());
            return Mono.empty();
        }));
        room.await("the other one is done", () -> startedAt.size() == 1 && room.held() == 0);
        assertThat(cancelledAt).hasSize(1);
        assertThat(startedAt.get(0) - cancelledAt.get(0)).isGreaterThanOrEqualTo(J.toNanos());
        Heard<SettleAnswer> late = Heard.of(orphaned.get().ack());
        room.await("the late ack is refused", late::hasEnded);
        assertThat(late.code()).isEqualTo(ErrorCode.LEASE_LOST);
        room.await("the first run has ended", () -> first.values().size() == 1);

        assertThat(first.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
    }

    @Test
    @Scenario(9)
    void aHandlerThatWaitsForALockForEverGivesUpItsPlaceInTheLine() {
        locks.acquire("k", "somebody else").subscribe();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> lock(delivery, "k", "run " + delivery.deliveryCount())));
        room.publish("a");
        room.await("it waits in line", () -> locks.waiting("k") == 1);
        room.await("its lease runs out", () -> outcomes.values().size() == 1);
        assertThat(locks.waiting("k")).as("no orphan waits").isZero();
        room.await("the next run waits", () -> locks.waiting("k") == 1);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsOnly(LeaseLoss.EXPIRED);
        locks.expire("k");
        room.await("it is done", () -> outcomes.values().size() == 2);

        assertThat(outcomes.values().get(1).kind()).isEqualTo(Outcome.Kind.ACKED);
        assertThat(locks.held()).isZero();
        assertThat(locks.refused()).isEmpty();
    }

    @Test
    @Scenario(11)
    void settingsChangeWhileHundredsAreHeldAndHandlersReadThem() {
        MessageConsumer<String> consumer = room.consumer().concurrency(200);
        AtomicInteger changes = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.defer(() -> {
                    begun.incrementAndGet();
                    return Mono.delay(Duration.ofMillis(500));
                })
                .doOnNext(any -> consumer.control()
                        .apply(consumer.concurrency(200 + changes.incrementAndGet())
                                .settings())
                        .subscribe())));

        room.publish(200);
        room.await("all are done", () -> outcomes.values().size() == 200);

        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        assertThat(begun).as("each ran once").hasValue(200);
        assertThat(room.held()).isZero();
        assertThat(room.told().losses()).isEmpty();
    }

    @Test
    @Scenario(12)
    void equalSettingsDoNothingAtAllAndTheLastOfTheOthersWins() {
        MessageConsumer<String> consumer = room.consumer();
        AtomicInteger running = new AtomicInteger();

        room.hear(consumer.concurrency(1).handle(delivery -> {
            running.incrementAndGet();
            return Mono.never();
        }));
        room.publish(50);
        room.await("one is held", () -> running.get() == 1);
        String made = room.group("assessors").field("created").orElseThrow();
        long connections = room.proxy().accepted();
        for (int i = 0; i < 50; i++) {
            consumer.control().apply(consumer.concurrency(2 + i / 5).settings()).subscribe();
        }
        room.await("the last one holds", () -> running.get() == 11);
        room.await("all are told", () -> room.told().count(Kind.SETTINGS_UNCHANGED) == 40);

        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(10);
        assertThat(room.held()).isEqualTo(11);
        assertThat(room.proxy().accepted()).isEqualTo(connections);
        assertThat(room.group("assessors").field("created")).contains(made);
        assertThat(room.told().losses()).isEmpty();
    }

    @Test
    @Scenario(14)
    void twoOfThreeInstancesAreStuckAndTheThirdDoesAllTheRest() {
        for (String name : List.of("stuck one", "stuck two")) {
            MessageClient client = room.client(name);
            AtomicInteger begun = new AtomicInteger();
            room.hear(room.consumer(client).concurrency(4).handle(delivery -> {
                begun.incrementAndGet();
                return Mono.never();
            }));
            room.publish(name + " 1", name + " 2", name + " 3", name + " 4");
            room.await("it is stuck", () -> begun.get() == 4);
        }
        Heard<Outcome> healthy =
                room.hear(room.consumer(room.client("healthy")).concurrency(4).handle(delivery -> Mono.empty()));
        room.publish(400);
        room.await("the third has done all", () -> healthy.values().size() == 400);

        assertThat(NatsRoom.kinds(healthy)).containsOnly(Outcome.Kind.ACKED);
        assertThat(room.held()).as("what the others still have").isEqualTo(8);
    }

    @Test
    @Scenario({9, 14, 15})
    void whatTwoStuckInstancesHeldIsWorkedOffByWhoeverGetsItNextAndNeitherHandlersNorLockRequestsGrow() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger stuck = new AtomicInteger();
        AtomicInteger acked = new AtomicInteger();

        for (String name : List.of("stuck one", "stuck two", "healthy")) {
            Mono<Object> end = name.equals("healthy") ? Mono.empty() : Mono.never();
            room.hear(room.consumer(room.client(name))
                    .concurrency(2)
                    .touch(TouchMode.NEVER)
                    .handle(delivery -> lock(delivery, lockOf(delivery), name)
                            .delayElement(Duration.ofMillis(100))
                            .doOnNext(BoundResource::use)
                            .then(delivery.deliveryCount() == 1 ? end : Mono.empty())
                            .doOnSubscribe(any -> most.accumulateAndGet(inside.incrementAndGet(), Math::max))
                            .doFinally(any -> inside.decrementAndGet()))
                    .doOnNext(outcome -> {
                        stuck.addAndGet(outcome.kind() == Outcome.Kind.LOST ? 1 : 0);
                        acked.addAndGet(outcome.kind() == Outcome.Kind.ACKED ? 1 : 0);
                    }));
        }
        awaitPulls(3);
        room.publish(6);
        AtomicInteger requests = new AtomicInteger();
        room.await("all are done", () -> {
            int now = locks.held() + locks.waiting("k0") + locks.waiting("k1") + locks.waiting("k2");
            requests.accumulateAndGet(now, Math::max);
            return acked.get() == 6;
        });

        assertThat(stuck).hasValueGreaterThanOrEqualTo(2);
        assertThat(most).hasValueLessThanOrEqualTo(6);
        assertThat(requests).hasValueLessThanOrEqualTo(6);
        assertThat(locks.held()).isZero();
        assertThat(locks.refused()).isEmpty();
        assertThat(room.held()).isZero();
    }

    /** Else one of several might have done it all before the others are there. */
    private static void awaitPulls(int count) {
        String waiting = Integer.toString(count);
        room.await(
                "all wait",
                () -> room.group("assessors").field("num_waiting").orElse("").equals(waiting));
    }

    private static String lockOf(Delivery<String> delivery) {
        return "k" + Integer.parseInt(delivery.body()) % 3;
    }

    @ParameterizedTest
    @ValueSource(strings = {"completes", "fails", "times out", "naks", "settles itself", "is lost", "is cut"})
    @Scenario(9)
    void aLockIsFreeHoweverTheRunThatTookItEndedAndRefusesUseFromThen(String how) {
        AtomicReference<BoundResource<LockService.Held>> first = new AtomicReference<>();
        List<String> holders = new CopyOnWriteArrayList<>();
        MessageConsumer<String> consumer = room.consumer()
                .handlerTimeout(Duration.ofSeconds(how.equals("times out") ? 3 : 30))
                .touch(how.equals("is lost") ? TouchMode.NEVER : TouchMode.AUTO)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)));

        Heard<Outcome> outcomes =
                room.hear(consumer.handle(delivery -> lock(delivery, "k", "run " + delivery.deliveryCount())
                        .doOnNext(lock -> {
                            first.compareAndSet(null, lock);
                            holders.add(lock.use().holder());
                        })
                        .flatMap(lock -> delivery.deliveryCount() == 1 ? ending(how, delivery) : Mono.empty())));
        room.publish("m");
        room.await("the first run has the lock", () -> holders.size() == 1);
        if (how.equals("is cut")) {
            room.raw().request("$JS.API.CONSUMER.DELETE." + room.stream() + ".assessors", "");
        }
        int runs = List.of("fails", "times out", "naks", "is lost").contains(how) ? 2 : 1;
        room.await("all runs have ended", () -> outcomes.values().size() == runs);
        room.await("it is free", () -> locks.held() == 0);

        assertThat(holders).hasSize(runs);
        assertThat(locks.refused()).isEmpty();
        assertThatThrownBy(() -> first.get().use()).isInstanceOf(LeaseLostException.class);
    }

    private static Mono<?> ending(String how, Delivery<String> delivery) {
        return switch (how) {
            case "completes" -> Mono.empty();
            case "fails" -> Mono.error(new IllegalStateException("no"));
            case "naks" -> Mono.just(Disposition.nak());
            case "settles itself" -> delivery.lease().ack();
            default -> Mono.never();
        };
    }

    @Test
    @Scenario(17)
    void whatEachMessageTakesIsGivenBackWithItAndNotAtTheEnd() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(8)
                .handle(delivery -> lock(delivery, delivery.body(), "run")
                        .delayElement(Duration.ofMillis(1))
                        .doOnNext(BoundResource::use)));
        room.publish(2_000);
        room.await("all are done", () -> outcomes.values().size() == 2_000);

        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        assertThat(locks.mostAtOnce()).isLessThanOrEqualTo(8);
        assertThat(locks.held()).isZero();
    }
}
