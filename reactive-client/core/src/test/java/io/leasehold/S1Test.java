package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.DeliveryStage;
import io.leasehold.consume.Disposition;
import io.leasehold.consume.GroupCounts;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.diagnostics.Evidence;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.BoundResource;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.TouchMode;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Incident S1: the redelivered message, the lock and the configuration that did not change, on a broker that tells
 * nobody that a lease ran out and settles for whoever asks.
 */
class S1Test {
    private static final Duration J = Duration.ofMillis(100);

    @RegisterExtension
    final Room room = Room.natsLike();

    private final LockService locks = new LockService();

    private Mono<BoundResource<LockService.Held>> lock(Delivery<String> delivery, String name, String holder) {
        return delivery.lease().bind(locks.acquire(name, holder), locks::release);
    }

    @Test
    @Scenario(8)
    void aHandlerThatTakesLongerThanItsLeaseIsCancelledBeforeAnotherInstanceStarts() {
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
        room.consumer().control().pause().subscribe();
        room.pass(Room.T.plusSeconds(1));
        assertThat(cancelledAt).hasSize(1);
        assertThat(startedAt).hasSize(1);
        assertThat(startedAt.get(0) - cancelledAt.get(0)).isGreaterThanOrEqualTo(J.toNanos());
        Heard<SettleAnswer> late = Heard.of(orphaned.get().ack());

        assertThat(late.code()).isEqualTo(ErrorCode.LEASE_LOST);
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
    @Scenario(9)
    void aLockThatALostRunHeldIsFreeForTheNextOne() {
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

    @Test
    @Scenario(10)
    void aFrozenHolderCanNeitherUnlockNorAckWhenItWakes() {
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

    @Test
    @Scenario(11)
    void settingsChangeWhileAThousandMessagesAreHeldAndHandlersReadThem() {
        MessageConsumer<String> consumer = room.consumer().concurrency(1000);
        AtomicInteger reads = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.delay(Duration.ofSeconds(5), room.time())
                .doOnNext(any -> {
                    reads.addAndGet(consumer.settings().flow().concurrency() / 1000);
                    consumer.control()
                            .apply(consumer.concurrency(2000 + reads.get()).settings())
                            .subscribe();
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
    @Scenario(12)
    void ofFiftyChangesTheFortyEqualOnesDoNothingAndTheLastWins() {
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
            consumer.control().apply(consumer.concurrency(2 + i / 5).settings()).subscribe();
        }
        room.pass(Duration.ofMillis(1));

        assertThat(room.told().count(Kind.SETTINGS_UNCHANGED)).isEqualTo(40);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(10);
        assertThat(running).hasValue(11);
        assertThat(counted.sessions()).isEqualTo(1);
        assertThat(counted.ports()).isEqualTo(1);
    }

    @Test
    @Scenario(14)
    void twoOfThreeInstancesAreStuckAndTheThirdWorksAtItsOwnPace() {
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

    @Test
    @Scenario(14)
    void eachInstanceShowsItsOwnBacklogAndOnlyTheStuckOnesAreStalled() {
        List<MessageClient> stuck = List.of(room.client("stuck one"), room.client("stuck two"));
        for (MessageClient client : stuck) {
            room.hear(Room.consumer(client)
                    .concurrency(4)
                    .prefetch(2)
                    .maxHold(LeasePolicy.UNLIMITED)
                    .handle(delivery -> Mono.never()));
        }
        room.publish(12);
        MessageClient healthy = room.client("healthy");
        Heard<Outcome> outcomes = room.hear(Room.consumer(healthy).handle(delivery -> Mono.empty()));
        for (int i = 0; i < 100; i++) {
            room.publish("later " + i);
            room.pass(Duration.ofSeconds(9));
        }
        assertThat(Room.kinds(outcomes)).hasSize(100).containsOnly(Outcome.Kind.ACKED);
        for (MessageClient client : stuck) {
            ClientSnapshot snapshot = snapshot(client);
            GroupCounts group = snapshot.groups().get(0);
            assertThat(List.of(group.count(DeliveryStage.STARTED), group.count(DeliveryStage.READY), group.stalled()))
                    .containsExactly(4, 2, 4);
            assertThat(snapshot.held())
                    .allSatisfy(held -> assertThat(held.lease().age()).isEqualTo(Duration.ofMinutes(15)));
            assertThat(client.evidence().kept())
                    .extracting(Evidence::what)
                    .hasSize(4)
                    .containsOnly(Kind.STALLED);
        }

        assertThat(snapshot(healthy).groups().get(0).stalled()).isZero();
        assertThat(snapshot(healthy).held()).isEmpty();
        assertThat(healthy.evidence().kept()).isEmpty();
    }

    private ClientSnapshot snapshot(MessageClient client) {
        Heard<ClientSnapshot> snapshot = room.hear(client.snapshot());
        room.pass(Duration.ZERO);
        return snapshot.values().get(0);
    }

    @Test
    @Scenario(14)
    void twoOfThreeInstancesAreFrozenAndTheThirdWorksAtItsOwnPaceAndTakesOverWhatTheyHad() {
        Duration alone = timeFor(400);
        FrozenScheduler frozen = new FrozenScheduler(room.time());
        List<Heard<Outcome>> sleepers = new ArrayList<>();

        for (String name : List.of("frozen one", "frozen two")) {
            MessageClient client = room.client(
                    name,
                    builder ->
                            builder.timeScheduler(frozen).userScheduler(frozen).cancelScheduler(frozen));
            sleepers.add(room.hear(Room.consumer(client).concurrency(4).handle(delivery -> Mono.never())));
        }
        room.publish("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
        assertThat(room.group("assessors").held()).isEqualTo(8);
        frozen.freeze();
        assertThat(timeFor(400)).isLessThanOrEqualTo(alone.multipliedBy(10).dividedBy(9));
        Heard<Outcome> takenOver =
                room.hear(Room.consumer(room.client("healthy")).concurrency(4).handle(delivery -> Mono.empty()));
        room.pass(Room.T);
        assertThat(Room.kinds(takenOver)).hasSize(8).containsOnly(Outcome.Kind.ACKED);
        frozen.thaw(() -> {});
        room.pass(Duration.ofSeconds(1));

        assertThat(sleepers)
                .allSatisfy(heard -> assertThat(Room.kinds(heard)).hasSize(4).containsOnly(Outcome.Kind.LOST));
        assertThat(room.group("assessors").held()).isZero();
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

    @Test
    @Scenario({9, 14, 15})
    void whatTwoStuckInstancesHeldIsWorkedOffByTheThirdAndNeitherHandlersNorLockRequestsGrow() {
        AtomicInteger inside = new AtomicInteger();
        for (String name : List.of("stuck one", "stuck two")) {
            room.hear(Room.consumer(room.client(name))
                    .concurrency(2)
                    .touch(TouchMode.NEVER)
                    .handle(delivery -> lock(delivery, lockOf(delivery), name)
                            .then(Mono.never())
                            .doOnSubscribe(any -> inside.incrementAndGet())
                            .doFinally(any -> inside.decrementAndGet())));
        }
        room.publish(12);
        Heard<Outcome> healthy = room.hear(Room.consumer(room.client("healthy"))
                .concurrency(2)
                .handle(delivery -> lock(delivery, lockOf(delivery), "healthy")
                        .delayElement(Duration.ofMillis(100), room.time())
                        .doOnNext(BoundResource::use)
                        .doOnSubscribe(any -> inside.incrementAndGet())
                        .doFinally(any -> inside.decrementAndGet())));
        for (int i = 0; i < 10 * Room.T.toMillis() / 50; i++) {
            room.pass(Duration.ofMillis(50));
            int requests = locks.held() + locks.waiting("k0") + locks.waiting("k1") + locks.waiting("k2");
            assertThat(inside).hasValueLessThanOrEqualTo(6);
            assertThat(requests).isLessThanOrEqualTo(6);
        }

        assertThat(Room.kinds(healthy)).hasSize(12).containsOnly(Outcome.Kind.ACKED);
        assertThat(locks.held()).isZero();
        assertThat(locks.refused()).isEmpty();
        assertThat(room.group("assessors").held() + room.group("assessors").queued())
                .isZero();
    }

    private static String lockOf(Delivery<String> delivery) {
        return "k" + Integer.parseInt(delivery.body()) % 3;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"completes", "fails", "throws later", "times out", "naks", "settles itself", "is lost", "is cut"
            })
    @Scenario(9)
    void aLockIsFreeHoweverTheRunThatTookItEndedAndRefusesUseFromThen(String how) {
        AtomicReference<BoundResource<LockService.Held>> first = new AtomicReference<>();
        List<String> holders = new ArrayList<>();
        MessageConsumer<String> consumer = room.consumer()
                .handlerTimeout(Duration.ofSeconds(30))
                .touch(how.equals("is lost") ? TouchMode.NEVER : TouchMode.AUTO)
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)));
        room.hear(consumer.handle(delivery -> lock(delivery, "k", "run " + delivery.deliveryCount())
                .doOnNext(lock -> {
                    first.compareAndSet(null, lock);
                    holders.add(lock.use().holder());
                })
                .flatMap(lock -> delivery.deliveryCount() == 1 ? ending(how, delivery) : Mono.empty())));
        room.publish("m");
        if (how.equals("is cut")) {
            room.broker().deleteGroup("assessors");
        }
        room.pass(Duration.ofMinutes(1));
        assertThat(locks.held()).isZero();
        assertThat(locks.refused()).isEmpty();
        assertThatThrownBy(() -> first.get().use()).isInstanceOf(LeaseLostException.class);
        boolean comesAgain =
                List.of("fails", "throws later", "times out", "naks", "is lost").contains(how);
        assertThat(holders).hasSize(comesAgain ? 2 : 1);
    }

    private Mono<?> ending(String how, Delivery<String> delivery) {
        return switch (how) {
            case "completes" -> Mono.empty();
            case "fails" -> Mono.error(new IllegalStateException("no"));
            case "throws later" ->
                Mono.delay(Duration.ofSeconds(1), room.time()).map(any -> {
                    throw new IllegalStateException("later");
                });
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
