package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Messages of one key: no overlap, order of arrival, and no key holds back another. */
class KeyOrderTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final List<String> started = new ArrayList<>();

    private void publish(String key, String... bodies) {
        for (String body : bodies) {
            room.hear(room.client()
                    .publish(Message.to("quakes.nc").key(key).id(body).body(body)));
        }
        room.pass(Duration.ZERO);
    }

    private Mono<?> takes(Duration time) {
        return Mono.delay(time, room.time());
    }

    private int inLane() {
        Heard<ClientSnapshot> snapshot = room.hear(room.client().snapshot());
        room.pass(Duration.ZERO);
        return snapshot.values().get(0).groups().get(0).count(DeliveryStage.LANE);
    }

    @Test
    void messagesOfOneKeyNeverOverlapAndKeepTheirOrderWhateverTheyTake() {
        long seed = Long.getLong("test.seed", 23);
        Random random = new Random(seed);
        Map<String, AtomicInteger> running = new HashMap<>();
        Map<String, List<Integer>> order = new HashMap<>();
        room.hear(room.consumer().keyed().concurrency(16).maxWaiting(1000).handle(delivery -> {
            String key = delivery.key().orElseThrow();
            AtomicInteger inside = running.computeIfAbsent(key, any -> new AtomicInteger());
            assertThat(inside.incrementAndGet())
                    .as("seed %d, key %s", seed, key)
                    .isEqualTo(1);
            order.computeIfAbsent(key, any -> new ArrayList<>()).add(Integer.valueOf(delivery.body()));
            return takes(Duration.ofMillis(random.nextInt(400))).doFinally(end -> inside.decrementAndGet());
        }));
        for (int i = 0; i < 300; i++) {
            publish("k" + random.nextInt(7), Integer.toString(i));
            room.pass(Duration.ofMillis(random.nextInt(20)));
        }
        room.pass(Duration.ofMinutes(2));

        assertThat(order.values())
                .allSatisfy(numbers -> assertThat(numbers).as("seed %d", seed).isSorted());
        assertThat(order.values().stream().mapToInt(List::size).sum()).isEqualTo(300);
    }

    @Test
    void whatWaitsForItsKeyHoldsNoSlot() {
        room.hear(room.consumer()
                .keyed()
                .concurrency(2)
                .maxWaiting(20)
                .prefetch(20)
                .handle(delivery -> {
                    started.add(delivery.body());
                    return Mono.never();
                }));
        publish("a", "a1", "a2", "a3");
        publish("b", "b1");
        room.pass(Duration.ofSeconds(1));

        assertThat(started).containsExactly("a1", "b1");
        assertThat(inLane()).isEqualTo(2);
    }

    @Test
    void messagesWithoutAKeyWaitForNobody() {
        room.hear(room.consumer().keyed().handle(delivery -> {
            started.add(delivery.body());
            return Mono.never();
        }));
        room.publish("x", "y", "z");

        assertThat(started).containsExactly("x", "y", "z");
    }

    @Test
    void whatWaitsForItsKeyIsTouchedAndRunsWithItsFirstDelivery() {
        Heard<Outcome> outcomes = room.hear(room.consumer().keyed().handle(delivery -> takes(Room.T.multipliedBy(2))));
        publish("a", "a1", "a2", "a3");
        room.pass(Room.T.multipliedBy(7));

        assertThat(outcomes.values())
                .hasSize(3)
                .extracting(Outcome::deliveryCount)
                .containsOnly(1);
    }

    @Test
    void whatWaitsTooLongForItsKeyIsGivenBack() {
        room.hear(room.consumer().keyed().maxLaneWait(Duration.ofSeconds(5)).handle(delivery -> {
            started.add(delivery.body());
            return Mono.never();
        }));
        publish("a", "a1", "a2");
        room.pass(Duration.ofSeconds(4));

        assertThat(room.told().count(Kind.RELEASED)).isZero();
        room.pass(Duration.ofMillis(1_100));
        assertThat(room.told().count(Kind.RELEASED)).isPositive();
        assertThat(started).containsExactly("a1");
    }

    @Test
    void pullingStopsWhenSoManyWait() {
        room.hear(room.consumer().keyed().concurrency(8).maxWaiting(3).handle(delivery -> Mono.never()));
        for (int i = 0; i < 50; i++) {
            publish("a", "a" + i);
        }
        room.pass(Duration.ofSeconds(1));

        assertThat(room.group("assessors").held()).isBetween(4L, 12L);
        assertThat(inLane()).isBetween(3, 11);
    }

    @Test
    void aTryThatFailsKeepsTheKeyAndOthersGoOn() {
        AtomicInteger tries = new AtomicInteger();
        room.hear(room.consumer()
                .keyed()
                .handlerRetry(RetryPolicy.fixed(3, Duration.ofSeconds(2)))
                .handle(delivery -> {
                    started.add(delivery.body());
                    boolean fails = delivery.body().equals("a1") && tries.incrementAndGet() < 3;
                    return fails ? Mono.error(new IllegalStateException("not yet")) : Mono.empty();
                }));
        publish("a", "a1", "a2");
        publish("b", "b1");
        room.pass(Duration.ofSeconds(10));

        assertThat(started).containsExactly("a1", "b1", "a1", "a1", "a2");
        assertThat(room.told().count(Kind.KEY_ORDER_BROKEN)).isZero();
    }

    @Test
    void aMessageThatIsGivenBackEndsTheOrderOfItsKeyAndSaysSo() {
        room.hear(room.consumer()
                .keyed()
                .redelivery(Backoff.fixed(Duration.ofSeconds(3)))
                .handle(delivery -> {
                    started.add(delivery.body() + delivery.deliveryCount());
                    boolean fails = delivery.body().equals("a1") && delivery.deliveryCount() == 1;
                    return fails ? Mono.error(new IllegalStateException("no")) : Mono.empty();
                }));
        publish("a", "a1", "a2");
        room.pass(Duration.ofSeconds(10));

        assertThat(started).containsExactly("a11", "a21", "a12");
        assertThat(room.told().count(Kind.KEY_ORDER_BROKEN)).isEqualTo(1);
    }

    @Test
    void aLostLeaseFreesTheKeyAndSaysSo() {
        room.hear(room.consumer().keyed().touch(TouchMode.NEVER).handle(delivery -> {
            started.add(delivery.body() + delivery.deliveryCount());
            return delivery.body().equals("a1") && delivery.deliveryCount() == 1 ? Mono.never() : Mono.empty();
        }));
        publish("a", "a1");
        room.pass(Duration.ofSeconds(5));
        publish("a", "a2");
        room.pass(Duration.ofSeconds(10));

        assertThat(started).containsExactly("a11", "a21", "a12");
        assertThat(room.told().count(Kind.KEY_ORDER_BROKEN)).isEqualTo(1);
    }

    @Test
    void theKeyMayBeAnyFunctionOfTopicKeyAndHeaders() {
        room.hear(room.consumer()
                .keyed(message -> message.headers().first("station").orElse(null))
                .handle(delivery -> {
                    started.add(delivery.body());
                    return Mono.never();
                }));
        for (String body : List.of("one", "two")) {
            room.hear(room.client()
                    .publish(Message.to("quakes.nc").header("station", "s1").body(body)));
        }
        room.hear(room.client().publish(Message.to("quakes.nc").body("none")));
        room.pass(Duration.ZERO);

        assertThat(started).containsExactly("one", "none");
    }

    @Test
    void aKeyFunctionThatThrowsFailsItsMessageOnly() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .maxDeliveries(1)
                .keyed(message -> {
                    if (message.text().equals("bad")) {
                        throw new IllegalStateException("no key");
                    }
                    return "k";
                })
                .handle(delivery -> Mono.empty()));
        publish("k", "good", "bad", "better");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes).subList(0, 3))
                .containsExactlyInAnyOrder(Outcome.Kind.ACKED, Outcome.Kind.NAKED, Outcome.Kind.ACKED);
    }
}
