package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A message that comes again, too late, too often or in the wrong order: the newest delivery is worked on, once. */
class RedeliveryTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final List<String> started = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();

    private MessageConsumer<String> consumer(HandFedBroker fed) {
        MessageClient client = room.client("fed", builder -> builder.broker(fed));
        return Room.consumer(client).leaseTime(HandFedBroker.T);
    }

    private Heard<Outcome> runForEver(HandFedBroker fed) {
        return room.hear(consumer(fed).handle(delivery -> {
            String name = delivery.body() + delivery.deliveryCount();
            started.add(name);
            return Mono.never().doOnCancel(() -> cancelled.add(name));
        }));
    }

    @Test
    void aNewerDeliveryCancelsTheRunOfTheOlderAndStartsWhenItHasEnded() {
        Heard<Outcome> outcomes = runForEver(broker);
        broker.feed("m", 1);
        room.pass(Duration.ofSeconds(1));
        broker.feed("m", 2);
        room.pass(Duration.ofSeconds(1));

        assertThat(started).containsExactly("m1", "m2");
        assertThat(cancelled).containsExactly("m1");
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.SUPERSEDED);
        assertThat(broker.settled).isEmpty();
    }

    @Test
    void anOlderDeliveryNeverStarts() {
        runForEver(broker);
        broker.feed("m", 2, 20);
        room.pass(Duration.ofSeconds(1));
        broker.feed("m", 1, 10);
        broker.feed("m", 3, 20);
        room.pass(Duration.ofSeconds(1));

        assertThat(started).containsExactly("m2");
        assertThat(cancelled).isEmpty();
        assertThat(room.told().count(Kind.OLDER_DELIVERY)).isEqualTo(2);
        assertThat(broker.settled).isEmpty();
    }

    @Test
    void withoutTokensTheOrderOfReceiptDecides() {
        HandFedBroker plain = HandFedBroker.withoutTokens();
        Heard<Outcome> outcomes = room.hear(room.client("plain", builder -> builder.broker(plain))
                .consumer("quakes.>", "others", String.class)
                .handle(delivery -> Mono.never()));
        plain.feed("m", 2);
        plain.feed("m", 1);
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsExactly(2);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.SUPERSEDED);
    }

    @Test
    void deliveriesOfDifferentMessagesLeaveEachOtherAlone() {
        runForEver(broker);
        broker.feed("m", 1);
        broker.feed("n", 1);
        room.pass(Duration.ofSeconds(1));

        assertThat(started).containsExactly("m1", "n1");
        assertThat(cancelled).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void inAnyOrderTheNewestOfEachMessageRunsAndNoneIsLeftUnsettled(int round) {
        long seed = Long.getLong("test.seed", 3) + round;
        Random random = new Random(seed);
        Map<String, Long> newest = new HashMap<>();
        Map<String, Integer> running = new HashMap<>();
        room.hear(consumer(broker).concurrency(100).maxDeliveries(1000).handle(delivery -> {
            running.merge(delivery.body(), 1, Integer::sum);
            assertThat(running.get(delivery.body()))
                    .as("seed %d, runs of one message", seed)
                    .isEqualTo(1);
            Duration takes = Duration.ofMillis(random.nextInt(3000));
            return Mono.delay(takes, room.time()).doFinally(end -> running.merge(delivery.body(), -1, Integer::sum));
        }));
        for (int i = 0; i < 200; i++) {
            String ref = "m" + random.nextInt(5);
            long token = 1 + random.nextInt(1000);
            if (!isSettled(ref)) {
                broker.feed(ref, i + 1, token);
                newest.merge(ref, token, Math::max);
            }
            room.pass(Duration.ofMillis(random.nextInt(50)));
        }
        room.pass(Duration.ofSeconds(10));

        assertThat(newest.keySet())
                .allSatisfy(ref -> assertThat(broker.verbsOf(ref))
                        .as("seed %d, %s", seed, ref)
                        .containsExactly(SettleVerb.ACK));
    }

    private boolean isSettled(String ref) {
        return !broker.verbsOf(ref).isEmpty();
    }

    // ---- what the broker knows

    @ParameterizedTest
    @EnumSource(
            value = LeaseLoss.class,
            names = {"SUPERSEDED", "SETTLED_ELSEWHERE", "MESSAGE_DELETED", "GROUP_GONE", "CONNECTION_LOST"})
    void whatTheBrokerSaysHasEndedIsCancelledAtOnce(LeaseLoss why) {
        Heard<Outcome> outcomes = runForEver(broker);
        broker.feed("m", 1);
        room.pass(Duration.ofSeconds(1));
        broker.sink().ended("m", null, why);
        room.pass(Duration.ZERO);

        assertThat(cancelled).containsExactly("m1");
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(why);
        assertThat(broker.settled).isEmpty();
    }

    @Test
    void theBrokersWordOfANewerDeliveryEndsOnlyOlderOnes() {
        runForEver(broker);
        broker.feed("m", 2, 20);
        room.pass(Duration.ZERO);
        broker.sink().ended("m", new FencingToken(1, 20), LeaseLoss.SUPERSEDED);
        broker.sink().ended("m", new FencingToken(1, 19), LeaseLoss.SUPERSEDED);
        broker.sink().ended("unknown", null, LeaseLoss.SUPERSEDED);
        room.pass(Duration.ZERO);

        assertThat(cancelled).isEmpty();
        broker.sink().ended("m", new FencingToken(1, 21), LeaseLoss.SUPERSEDED);
        room.pass(Duration.ZERO);
        assertThat(cancelled).containsExactly("m2");
    }

    @Test
    void passingTroubleIsToldAndEndsNothing() {
        Heard<Outcome> outcomes = runForEver(broker);
        broker.feed("m", 1);
        broker.sink().troubled(new MessagingException(ErrorCode.DISCONNECTED, "away", "broker", "wait"));
        room.pass(Duration.ofSeconds(1));

        assertThat(cancelled).isEmpty();
        assertThat(outcomes.hasEnded()).isFalse();
        assertThat(room.told().count(Kind.TROUBLE)).isEqualTo(1);
    }

    @Test
    void aGroupThatIsGoneErrorsTheSequenceAfterItsRunsHaveEnded() {
        List<Outcome.Kind> seen = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(consumer(broker)
                .handle(delivery -> Mono.delay(Duration.ofSeconds(2), room.time()))
                .doOnNext(outcome -> seen.add(outcome.kind())));
        broker.feed("m", 1);
        broker.sink().gone(new MessagingException(ErrorCode.GROUP_GONE, "gone", "group", "make it anew"));
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.hasEnded()).isFalse();
        room.pass(Duration.ofSeconds(2));
        assertThat(outcomes.code()).isEqualTo(ErrorCode.GROUP_GONE);
        assertThat(seen).containsExactly(Outcome.Kind.ACKED);
    }

    // ---- more than was asked for

    @Test
    void whatComesBeyondTheCreditIsReadKeptAsFarAsItMayWaitAndGivenBackBeyond() {
        room.hear(consumer(broker).concurrency(2).maxWaiting(3).handle(delivery -> {
            started.add(delivery.body());
            return Mono.never();
        }));
        for (int i = 0; i < 10; i++) {
            broker.feed("m" + i, 1);
        }
        room.pass(Duration.ofSeconds(1));

        assertThat(started).containsExactly("m0", "m1");
        assertThat(room.told().count(Kind.SURPLUS)).isEqualTo(8);
        assertThat(broker.settled).hasSize(5).allMatch(HandFedBroker.Settled::release);
        assertThat(broker.settled).extracting(HandFedBroker.Settled::verb).containsOnly(SettleVerb.NAK);
    }

    @Test
    void aDeliveryThatWaitsIsTouchedAndStartsWithALeaseThatIsHeld() {
        List<Duration> left = new ArrayList<>();
        room.hear(consumer(broker).concurrency(1).handle(delivery -> {
            left.add(delivery.lease().remaining());
            return Mono.delay(Duration.ofSeconds(25), room.time());
        }));
        broker.feed("m0", 1);
        broker.feed("m1", 1);
        room.pass(Duration.ofMinutes(1));

        assertThat(broker.verbsOf("m1")).containsExactly(SettleVerb.ACK);
        assertThat(left).hasSize(2).allSatisfy(time -> assertThat(time).isGreaterThan(Duration.ofSeconds(3)));
    }

    @Test
    void aDeliveryWhoseLeaseEndedWhileItWaitedNeverStarts() {
        room.hear(consumer(broker).concurrency(1).maxWaiting(5).handle(delivery -> {
            started.add(delivery.body());
            return Mono.delay(Duration.ofSeconds(15), room.time());
        }));
        broker.feed("m0", 1);
        broker.feed("m1", 1);
        broker.feed("m2", 1);
        broker.sink().ended("m1", null, LeaseLoss.MESSAGE_DELETED);
        room.pass(Duration.ofMinutes(1));

        assertThat(started).containsExactly("m0", "m2");
    }

    @Test
    void aDeliveryThatRanOutWhileItWaitedNeverStarts() {
        room.hear(consumer(broker)
                .concurrency(1)
                .maxWaiting(5)
                .touch(TouchMode.NEVER)
                .handle(delivery -> {
                    started.add(delivery.body());
                    return Mono.never();
                }));
        broker.feed("m0", 1);
        broker.feed("m1", 1);
        room.pass(Duration.ofSeconds(5));
        broker.feed("m2", 1);
        room.pass(HandFedBroker.T.minusSeconds(5));

        assertThat(started).containsExactly("m0", "m2");
        assertThat(room.told().losses()).containsExactly(LeaseLoss.EXPIRED, LeaseLoss.EXPIRED);
        assertThat(broker.settled).isEmpty();
    }

    @Test
    @Scenario(15)
    void howeverOftenAnOrphansMessageComesAgainOneDeliveryWaitsForItAndNoneRunsBesideIt() {
        Sinks.Empty<Void> release = Sinks.empty();
        MessageClient client = room.client("fed", builder -> builder.broker(broker));
        MessageConsumer<String> consumer =
                Room.consumer(client).concurrency(2).maxDeliveries(1000).touch(TouchMode.NEVER);
        room.hear(consumer.handle(delivery -> {
            started.add(delivery.body() + delivery.deliveryCount());
            return delivery.lease()
                    .bind(Mono.just("lock"), lock -> release.asMono())
                    .then(Mono.never());
        }));
        for (int count = 1; count <= 200; count++) {
            broker.feed("m", count);
            broker.feed("n", count);
            room.pass(Duration.ofMillis(10));
        }

        assertThat(started).containsExactly("m1", "n1");
        Heard<ClientSnapshot> snapshot = room.hear(client.snapshot());
        room.pass(Duration.ZERO);
        GroupCounts group = snapshot.values().get(0).groups().get(0);
        assertThat(group.count(DeliveryStage.ORPHAN)).isEqualTo(2);
        assertThat(group.count(DeliveryStage.BEHIND)).isEqualTo(2);
        assertThat(room.told().losses()).hasSize(2 * 199).containsOnly(LeaseLoss.SUPERSEDED);
        release.tryEmitEmpty();
        room.pass(Duration.ofMillis(10));
        assertThat(started).containsExactly("m1", "n1", "m200", "n200");
    }

    @Test
    void aDeliveryThatComesTooLateIsNotStarted() {
        runForEver(broker);
        broker.feed("m", 1);
        room.pass(Duration.ZERO);

        assertThat(started).containsExactly("m1");
        HandFedBroker.Fed early = broker.feed("late", 1);
        broker.sink().ended("late", null, LeaseLoss.SUPERSEDED);
        room.pass(HandFedBroker.T.minusMillis(500));
        broker.sink()
                .delivered(new HandFedBroker.Fed(broker, "late", 2, new FencingToken(1, 999), early.anchorNanos()));
        room.pass(Duration.ofSeconds(1));
        assertThat(started).containsExactly("m1", "late1");
        assertThat(room.told().losses()).contains(LeaseLoss.RUN_OUT);
        assertThat(broker.verbsOf("late")).isEmpty();
    }
}
