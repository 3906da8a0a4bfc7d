package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.HeldReport;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** The scenarios that belong to no single incident. */
class ScenariosTest {
    @RegisterExtension
    final Room room = Room.fenced();

    @Test
    @Scenario(16)
    void whatARunThatIsParkedForHoursHoldsAndWaitsForCanBeSeen() {
        room.hear(room.consumer()
                .maxHold(LeasePolicy.UNLIMITED)
                .handle(delivery -> Mono.never().checkpoint("waits for the answer of the oracle")));
        room.publish("parked");
        room.pass(Duration.ofHours(3));
        Heard<ClientSnapshot> snapshot = room.hear(room.client().snapshot());
        room.pass(Duration.ZERO);
        List<HeldReport> held = snapshot.values().get(0).held();

        assertThat(held).hasSize(1);
        assertThat(held.get(0).about().id()).isEqualTo("parked");
        assertThat(held.get(0).lease().age()).isEqualTo(Duration.ofHours(3));
        assertThat(held.get(0).work().running()).isEqualTo(Duration.ofHours(3));
        assertThat(String.join(" ", held.get(0).work().trace())).contains("oracle");
        assertThat(snapshot.values().get(0).groups().get(0).stalled()).isEqualTo(1);
    }

    @Test
    @Scenario(28)
    void whatWasAckedStaysAckedHoweverCloseItsExpiryWas() {
        Map<String, Integer> runs = new HashMap<>();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(400)
                .touch(io.leasehold.lease.TouchMode.NEVER)
                .handle(delivery -> {
                    runs.merge(delivery.body(), 1, Integer::sum);
                    long nanos = Duration.ofMillis(9_800).toNanos() + Long.parseLong(delivery.body()) * 1_000_000L;
                    return delivery.deliveryCount() == 1
                            ? Mono.delay(Duration.ofNanos(nanos), room.time())
                            : Mono.empty();
                }));

        room.publish(300);
        room.pass(Room.T.multipliedBy(3));
        assertThat(outcomes.values())
                .filteredOn(o -> o.kind() == Outcome.Kind.LOST)
                .hasSizeBetween(100, 250);
        outcomes.values().stream()
                .filter(outcome -> outcome.kind() == Outcome.Kind.ACKED && outcome.deliveryCount() == 1)
                .forEach(outcome -> assertThat(runs.get(outcome.id().value().substring(1)))
                        .as(outcome.id().value())
                        .isEqualTo(1));

        assertThat(outcomes.values())
                .filteredOn(o -> o.kind() == Outcome.Kind.ACKED)
                .hasSize(300);
    }

    @Test
    @Scenario(33)
    void aPoisonedMessageBacksOffAndEndsInTheDeadLetterTopicWhileOthersGoOn() {
        List<Long> triedAt = new ArrayList<>();
        List<String> dead = new ArrayList<>();

        room.hear(room.client().consumer("dead.>", "undertakers", Message.class).handle(delivery -> {
            dead.add(delivery.body().headers().first("Leasehold-Delivery-Count").orElse(""));
            return Mono.empty();
        }));
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .redelivery(Backoff.builder()
                        .first(Duration.ofSeconds(1))
                        .max(Duration.ofMinutes(1))
                        .jitter(0)
                        .build())
                .maxDeliveries(4)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> {
                    if (!delivery.body().equals("poison")) {
                        return Mono.empty();
                    }
                    triedAt.add(room.nanos());
                    return Mono.error(new IllegalStateException("poison"));
                }));
        room.publish("poison");
        for (int i = 0; i < 60; i++) {
            room.publish("good " + i);
            room.pass(Duration.ofSeconds(1));
        }
        assertThat(triedAt).hasSize(4);
        for (int i = 1; i < triedAt.size(); i++) {
            assertThat(triedAt.get(i) - triedAt.get(i - 1))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1L << (i - 1)).toNanos());
        }

        assertThat(dead).containsExactly("4");
        assertThat(Room.kinds(outcomes)).filteredOn(Outcome.Kind.ACKED::equals).hasSize(60);
    }

    @Test
    @Scenario(34)
    void aShutdownWithAThousandHeldLeasesFinishesWhatItCanAndGivesBackTheRest() {
        AtomicInteger starts = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(1000).handle(delivery -> {
            starts.incrementAndGet();
            return Long.parseLong(delivery.body()) < 500
                    ? Mono.delay(Duration.ofSeconds(3), room.time())
                    : Mono.never();
        }));

        room.publish(1500);
        assertThat(starts).hasValue(1000);
        long from = room.nanos();
        List<Long> closedAfter = new ArrayList<>();
        room.hear(room.client()
                .closeGracefully(Duration.ofSeconds(5))
                .doOnTerminate(() -> closedAfter.add(room.nanos() - from)));
        room.pass(Duration.ofSeconds(30));

        assertThat(starts).as("nothing starts after close").hasValue(1000);
        assertThat(Room.kinds(outcomes)).filteredOn(Outcome.Kind.ACKED::equals).hasSize(500);
        assertThat(Room.kinds(outcomes))
                .filteredOn(Outcome.Kind.RELEASED::equals)
                .hasSize(500);
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(closedAfter).hasSize(1);
        assertThat(closedAfter.get(0))
                .isLessThanOrEqualTo(Duration.ofMillis(7_100).toNanos());
        assertThat(room.group("assessors").queued()).isEqualTo(1000);
    }
}
