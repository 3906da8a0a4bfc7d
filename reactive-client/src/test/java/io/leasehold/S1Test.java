package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.BoundResource;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeasePolicy;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.signal.MessagingEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Incident S1: the redelivered message, the lock and the configuration that did not change. Rows 8 to 12, 14, 15 and 17
 * of the scenarios, on a broker that tells nobody that a lease ran out and settles for whoever asks.
 */
class S1Test {
    private static final Duration J = Duration.ofMillis(100);

    @RegisterExtension
    final Room room = Room.natsLike();

    private final LockService locks = new LockService();

    private Mono<BoundResource<LockService.Held>> lock(Delivery<String> delivery, String name, String holder) {
        return delivery.lease().bind(locks.acquire(name, holder), locks::release);
    }

    // ---- row 8

    @Test
    void row8AHandlerThatTakesLongerThanItsLeaseIsCancelledBeforeAnotherInstanceStarts() {
        List<Long> cancelledAt = new ArrayList<>();
        List<Long> startedAt = new ArrayList<>();
        AtomicReference<Lease> orphaned = new AtomicReference<>();
        MessageClient one = room.client();
        Heard<Outcome> first =
                room.hear(Room.consumer(one).touch(TouchMode.NEVER).handle(delivery -> {
                    orphaned.set(delivery.lease());
                    return Mono.never().doOnCancel(() -> cancelledAt.add(room.nanos()));
                }));
        room.publish("a");
        room.hear(Room.consumer(room.client("two")).handle(delivery -> {
            startedAt.add(room.nanos());
            return Mono.empty();
        }));
        room.consumer().pause();
        room.pass(Room.T.plusSeconds(1));
        assertThat(cancelledAt).hasSize(1);
        assertThat(startedAt).hasSize(1);
        assertThat(startedAt.get(0) - cancelledAt.get(0)).isGreaterThanOrEqualTo(J.toNanos());
        Heard<SettleAnswer> late = Heard.of(orphaned.get().ack());
        assertThat(late.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(first.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
    }

    // ---- row 9

    @Test
    void row9AHandlerThatWaitsForALockForEverGivesUpItsPlaceInTheLine() {
        locks.acquire("k", "somebody else").subscribe();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> lock(delivery, "k", "run " + delivery.deliveryCount())));
        room.publish("a");
        assertThat(locks.waiting("k")).isEqualTo(1);
        room.pass(Room.T.multipliedBy(3));
        assertThat(locks.waiting("k")).as("one run waits, no orphan").isEqualTo(1);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsOnly(LeaseLoss.EXPIRED);
        locks.expire("k");
        room.pass(Duration.ZERO);
        assertThat(outcomes.values()).last().extracting(Outcome::kind).isEqualTo(Outcome.Kind.ACKED);
        assertThat(locks.held()).isZero();
    }

    @Test
    void row9ALockThatALostRunHeldIsFreeForTheNextOne() {
        List<String> holders = new ArrayList<>();
        room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> lock(delivery, "k", "run " + delivery.deliveryCount())
                        .doOnNext(lock -> holders.add(lock.use().holder()))
                        .then(delivery.deliveryCount() < 3 ? Mono.never() : Mono.empty())));
        room.publish("a");
        room.pass(Room.T.multipliedBy(3));
        assertThat(holders).containsExactly("run 1", "run 2", "run 3");
        assertThat(locks.held()).isZero();
        assertThat(locks.refused()).isEmpty();
    }

    // ---- row 10

    @Test
    void row10AFrozenHolderCanNeitherUnlockNorAckWhenItWakes() {
        FrozenScheduler frozen = new FrozenScheduler(room.time());
        MessageClient sleeper = room.client(
                "sleeper",
                builder -> builder.timeScheduler(frozen).userScheduler(frozen).cancelScheduler(frozen));
        Run a = new Run("a");
        Heard<Outcome> first =
                room.hear(Room.consumer(sleeper).concurrency(1).handle(delivery -> a.begin(this, delivery)));
        room.publish("m");
        assertThat(a.lock.use().holder()).isEqualTo("a");
        frozen.freeze();
        Run b = new Run("b");
        room.hear(Room.consumer(room.client("awake")).handle(delivery -> b.begin(this, delivery)));
        room.pass(Room.T.plusSeconds(1));
        assertThat(locks.waiting("k")).as("b waits for the lock that a has").isEqualTo(1);
        locks.expire("k");
        assertThat(b.lock.use().token()).isGreaterThan(a.held.token());
        assertThat(b.token.isNewerThan(a.token)).isTrue();
        AtomicReference<Heard<SettleAnswer>> ack = new AtomicReference<>();
        frozen.thaw(() -> ack.set(Heard.of(a.lease.ack())));
        room.pass(Duration.ofSeconds(1));
        assertThat(ack.get().code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(first.values()).extracting(Outcome::kind).containsExactly(Outcome.Kind.LOST);
        assertThat(locks.holderOf("k").holder()).isEqualTo("b");
        assertThat(locks.refused()).containsExactly("a");
    }

    /** A run that takes the lock and goes on. */
    private static final class Run {
        private final String holder;
        private BoundResource<LockService.Held> lock;
        private LockService.Held held;
        private FencingToken token;
        private Lease lease;

        Run(String holder) {
            this.holder = holder;
        }

        Mono<Object> begin(S1Test test, Delivery<String> delivery) {
            lease = delivery.lease();
            token = lease.fencingToken().orElseThrow();
            return test.lock(delivery, "k", holder)
                    .doOnNext(bound -> {
                        lock = bound;
                        held = bound.use();
                    })
                    .then(Mono.never());
        }
    }

    // ---- rows 11 and 12

    @Test
    void row11SettingsChangeWhileAThousandMessagesAreHeldAndHandlersReadThem() {
        MessageConsumer<String> consumer = room.consumer().concurrency(1000);
        AtomicInteger reads = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.delay(Duration.ofSeconds(5), room.time())
                .doOnNext(any -> {
                    reads.addAndGet(consumer.settings().flow().concurrency() / 1000);
                    consumer.concurrency(2000 + reads.get()).reconfigure();
                    reads.addAndGet(consumer.settings().flow().concurrency() / 1000);
                })));
        room.publish(1000);
        room.pass(Duration.ofSeconds(1));
        assertThat(room.group("assessors").held()).isEqualTo(1000);
        room.pass(Duration.ofSeconds(5));
        assertThat(reads).hasValue(2000);
        assertThat(Room.kinds(outcomes)).hasSize(1000).containsOnly(Outcome.Kind.ACKED);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(1000);
    }

    @Test
    void row12OfFiftyChangesTheFortyEqualOnesDoNothingAndTheLastWins() {
        SilentBroker counted = new SilentBroker(room.broker());
        MessageClient client = room.client("counted", builder -> builder.broker(counted));
        MessageConsumer<String> consumer = Room.consumer(client);
        AtomicInteger running = new AtomicInteger();
        room.hear(consumer.concurrency(1).handle(delivery -> {
            running.incrementAndGet();
            return Mono.never();
        }));
        room.publish(50);
        for (int i = 0; i < 50; i++) {
            consumer.concurrency(2 + i / 5).reconfigure();
        }
        room.pass(Duration.ofMillis(1));
        assertThat(room.told().count(Kind.SETTINGS_UNCHANGED)).isEqualTo(40);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(10);
        assertThat(running).hasValue(11);
        assertThat(counted.sessions()).isEqualTo(1);
        assertThat(counted.ports()).isEqualTo(1);
    }

    // ---- row 14

    @Test
    void row14TwoOfThreeInstancesAreStuckAndTheThirdWorksAtItsOwnPace() {
        Duration alone = timeFor(400);
        for (String name : List.of("stuck one", "stuck two")) {
            room.hear(Room.consumer(room.client(name)).concurrency(4).handle(delivery -> Mono.never()));
        }
        room.publish("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
        assertThat(room.group("assessors").held()).isEqualTo(8);
        Duration beside = timeFor(400);
        assertThat(beside).isLessThanOrEqualTo(alone.multipliedBy(10).dividedBy(9));
        assertThat(room.group("assessors").held()).isEqualTo(8);
    }

    private Duration timeFor(int messages) {
        MessageClient healthy = room.client("healthy " + room.nanos());
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(Room.consumer(healthy)
                .concurrency(4)
                .handle(delivery -> Mono.delay(Duration.ofMillis(10), room.time())
                        .doOnSubscribe(any -> most.accumulateAndGet(now.incrementAndGet(), Math::max))
                        .doFinally(any -> now.decrementAndGet())));
        long from = room.nanos();
        for (int i = 0; i < messages; i++) {
            room.hear(room.client().publish(Message.to("quakes.nc").body("at " + from + " " + i)));
        }
        while (outcomes.values().size() < messages) {
            room.pass(Duration.ofMillis(10));
        }
        outcomes.cancel();
        assertThat(most).hasValue(4);
        return Duration.ofNanos(room.nanos() - from);
    }

    // ---- row 17

    @Test
    void row17WhatEachMessageTakesIsGivenBackWithItAndNotAtTheEnd() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(8)
                .handle(delivery -> lock(delivery, delivery.body(), "run")
                        .delayElement(Duration.ofMillis(1), room.time())
                        .doOnNext(BoundResource::use)));
        for (int i = 0; i < 100; i++) {
            room.hear(room.client()
                    .publishAll(Flux.range(100 * i, 100)
                            .map(n -> Message.to("quakes.nc").id("n" + n).body("n" + n))));
            room.pass(Duration.ofSeconds(1));
        }
        assertThat(outcomes.values()).hasSize(10_000);
        assertThat(locks.mostAtOnce()).isEqualTo(8);
        assertThat(locks.held()).isZero();
    }

    @Test
    void aRunThatLastsForHoursIsHeldAndCanBeSeenAtTheBroker() {
        room.hear(room.consumer().maxHold(LeasePolicy.UNLIMITED).handle(delivery -> Mono.never()));
        room.publish("a");
        room.pass(Duration.ofHours(3));
        assertThat(room.group("assessors").held()).isEqualTo(1);
        assertThat(room.told().losses()).isEmpty();
    }
}
