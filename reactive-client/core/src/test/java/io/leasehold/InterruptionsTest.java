package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What goes away for a while and comes back: settings, brokers, processes; without a socket or a
 * process of its own, on a broker that settles for whoever asks.
 */
class InterruptionsTest {
    @RegisterExtension
    final Room room = Room.natsLike();

    private final long seed = Long.getLong("test.seed", 41);
    private final Random random = new Random(seed);

    @Test
    @Scenario(13)
    void aChangeThatHitsAllInstancesAtOnceConnectsNoneAnewAndLosesNothing() {
        List<MessageConsumer<String>> consumers = new ArrayList<>();
        List<SilentBroker> brokers = new ArrayList<>();
        List<Heard<Outcome>> outcomes = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            SilentBroker counted = new SilentBroker(room.broker());
            brokers.add(counted);
            MessageConsumer<String> consumer =
                    Room.consumer(room.client("instance " + i, builder -> builder.broker(counted)));
            consumers.add(consumer);
            outcomes.add(room.hear(
                    consumer.concurrency(4).handle(delivery -> Mono.delay(Duration.ofMillis(500), room.time()))));
        }
        room.publish(400);
        for (int change = 0; change < 8; change++) {
            int slots = 2 + change % 4;
            consumers.forEach(consumer -> consumer.control()
                    .apply(consumer.concurrency(slots).settings())
                    .subscribe());
            room.pass(Duration.ofMillis(700));
        }
        room.pass(Duration.ofMinutes(1));

        assertThat(brokers)
                .allSatisfy(
                        broker -> assertThat(broker.sessions() + broker.ports()).isEqualTo(2));
        assertThat(outcomes.stream().flatMap(heard -> Room.kinds(heard).stream()))
                .hasSize(400)
                .containsOnly(Outcome.Kind.ACKED);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(80);
    }

    @ParameterizedTest
    @EnumSource(
            value = TouchMode.class,
            names = {"AUTO", "PROGRESS"})
    @Scenario(29)
    void restartsOfTheBrokerEndNoLeaseThatIsTouchedAndNoWorkIsDoneTwice(TouchMode touch) {
        Map<String, Integer> runs = new HashMap<>();
        Heard<Outcome> outcomes =
                room.hear(room.consumer().concurrency(50).touch(touch).handle(delivery -> {
                    runs.merge(delivery.body(), 1, Integer::sum);
                    return Mono.delay(Duration.ofMillis(1 + random.nextInt(500)), room.time())
                            .repeat(60);
                }));
        room.publish(200);
        for (int i = 0; i < 100; i++) {
            room.pass(Duration.ofMillis(random.nextInt(2000)));
            room.broker().restart();
        }
        room.pass(Duration.ofMinutes(2));
        assertThat(room.told().losses()).as("seed %d", seed).isEmpty();
        assertThat(runs.values()).as("seed %d", seed).hasSize(200).containsOnly(1);
        assertThat(Room.kinds(outcomes)).hasSize(200).containsOnly(Outcome.Kind.ACKED);
        assertThat(room.told().count(Kind.TROUBLE)).isPositive();
    }

    private final Map<String, FencingToken> newest = new HashMap<>();
    private final AtomicInteger effects = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();

    private Flux<?> work(Delivery<String> delivery, Scheduler user) {
        Mono<Object> effect = Mono.fromRunnable(() -> {
            FencingToken mine = delivery.lease().fencingToken().orElseThrow();
            FencingToken before = newest.put(delivery.body(), mine);
            effects.incrementAndGet();
            if (before != null && before.isNewerThan(mine)) {
                late.incrementAndGet();
            }
        });
        return Mono.delay(Duration.ofMillis(100), user)
                .then(delivery.lease().check())
                .then(effect)
                .repeat(40);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2})
    @Scenario(31)
    void whatAFrozenProcessDoesOnWakingIsNeverTooLate(double leaseTimes) {
        FrozenScheduler frozen = new FrozenScheduler(room.time());
        MessageClient sleeper = room.client(
                "sleeper",
                builder -> builder.timeScheduler(frozen).userScheduler(frozen).cancelScheduler(frozen));
        List<Heard<Outcome>> outcomes = List.of(
                room.hear(Room.consumer(sleeper).concurrency(8).handle(delivery -> work(delivery, frozen))),
                room.hear(Room.consumer(room.client("awake"))
                        .concurrency(8)
                        .handle(delivery -> work(delivery, room.time()))));
        Duration freeze = Duration.ofNanos((long) (leaseTimes * Room.T.toNanos()));

        for (int i = 0; i < 25; i++) {
            for (int n = 0; n < 16; n++) {
                room.publish("m" + i + "-" + n);
            }
            room.pass(Duration.ofMillis(random.nextInt(8000)));
            frozen.freeze();
            room.pass(freeze);
            frozen.thaw(() -> {});
        }
        room.pass(Duration.ofMinutes(5));

        assertThat(late)
                .as("seed %d, effects of older deliveries after newer ones", seed)
                .hasValue(0);
        assertThat(effects).hasPositiveValue();
        assertThat(outcomes.stream()
                        .flatMap(heard -> heard.values().stream())
                        .filter(outcome -> outcome.kind() == Outcome.Kind.ACKED)
                        .map(Outcome::id))
                .as("seed %d, each is acked once", seed)
                .hasSize(400)
                .doesNotHaveDuplicates();
        assertThat(room.told().losses().isEmpty()).as("seed %d", seed).isEqualTo(leaseTimes < 1);
    }
}
