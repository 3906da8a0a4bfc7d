package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Where the broker cannot delay, the client holds what was given back until it is due, in no slot. */
class HeldBackTest {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    @RegisterExtension
    final Room room = Room.of(EmbeddedSettings.builder()
            .plays(Capabilities.fenced().withoutNakDelay())
            .build());

    private MessageConsumer<String> consumer() {
        return room.consumer()
                .concurrency(2)
                .maxDeliveries(100)
                .redelivery(Backoff.builder()
                        .first(PAUSE)
                        .max(PAUSE)
                        .factor(1)
                        .jitter(0)
                        .build());
    }

    private Heard<Outcome> failing(MessageConsumer<String> consumer) {
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery ->
                delivery.body().startsWith("bad") ? Mono.error(new IllegalStateException()) : Mono.empty()));
        room.pass(Duration.ofMillis(10));
        return outcomes;
    }

    private long delayed() {
        Heard<ClientSnapshot> snapshot = room.hear(room.client().snapshot());
        room.pass(Duration.ZERO);
        return snapshot.values().get(0).groups().get(0).count(DeliveryStage.DELAYED);
    }

    @Test
    void whatFailedComesAgainAfterItsPauseAndNotBefore() {
        Heard<Outcome> outcomes = failing(consumer());
        room.publish("bad");
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED);
        assertThat(delayed()).isOne();

        room.pass(PAUSE.minusSeconds(1));
        assertThat(outcomes.values()).hasSize(1);
        assertThat(room.group("assessors").held()).isOne();

        room.pass(Duration.ofSeconds(2));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED);
        assertThat(outcomes.values().get(1).deliveryCount()).isEqualTo(2);
    }

    @Test
    void itTakesNoSlot() {
        Heard<Outcome> outcomes = failing(consumer().maxWaiting(10));
        room.publish("bad1", "good1", "bad2", "good2", "good3", "good4");

        room.pass(Duration.ofSeconds(30));

        assertThat(Room.kinds(outcomes)).filteredOn(Outcome.Kind.ACKED::equals).hasSize(4);
        assertThat(delayed()).isEqualTo(2);
    }

    @Test
    void whenTooManyAreHeldNoMoreIsTakenAndThatIsTold() {
        failing(consumer());
        for (int i = 0; i < 2 * Dispatcher.DELAYED_MAX; i++) {
            room.publish("bad" + i, "good" + i);
        }

        assertThat(delayed()).isBetween((long) Dispatcher.DELAYED_MAX, Dispatcher.DELAYED_MAX + 2L);
        assertThat(room.group("assessors").queued()).isPositive();
        assertThat(room.told().count(Kind.DELAYS_FULL)).isOne();
    }

    @Test
    void aDrainGivesItBackAtOnce() {
        MessageConsumer<String> consumer = consumer();
        failing(consumer);
        room.publish("bad");
        assertThat(room.group("assessors").held()).isOne();

        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(5)));
        room.pass(Duration.ofMillis(20));

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(room.group("assessors").held()).isZero();
        assertThat(room.group("assessors").queued()).isOne();
    }

    @Test
    void aPauseGivesItBackAtOnce() {
        MessageConsumer<String> consumer = consumer();
        failing(consumer);
        room.publish("bad");

        consumer.control().pause().subscribe();
        room.pass(Duration.ofMillis(20));

        assertThat(room.group("assessors").held()).isZero();
        assertThat(delayed()).isZero();
    }

    @Test
    void workThatGaveItselfBackLeavesItsSlotWhenItHasEnded() {
        Heard<Outcome> outcomes = room.hear(consumer()
                .concurrency(1)
                .handle(delivery -> delivery.body().equals("bad")
                        ? delivery.lease().nak(PAUSE).then(Mono.never())
                        : Mono.empty()));
        room.publish("bad", "good");

        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.ACKED);
        assertThat(delayed()).isOne();
    }
}
