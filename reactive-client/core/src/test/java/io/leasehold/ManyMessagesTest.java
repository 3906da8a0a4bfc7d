package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Disposition;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A million messages, each of which takes something and gives it back. */
class ManyMessagesTest {
    private static final int MILLION = 1_000_000;

    @RegisterExtension
    final Room room =
            Room.of(EmbeddedSettings.builder().duplicateWindow(Duration.ZERO).build());

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<Outcome.Kind, Integer> ends = new EnumMap<>(Outcome.Kind.class);

    @Test
    @Timeout(300)
    @Scenario(17)
    void afterAMillionMessagesNothingIsTakenHeldOrLeftInMemory() {
        room.hear(room.consumer()
                .concurrency(64)
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)))
                .handle(delivery -> delivery.lease()
                        .bind(Mono.fromCallable(this::take), any -> Mono.fromRunnable(taken::decrementAndGet))
                        .then(end(Integer.parseInt(delivery.body()), delivery.deliveryCount())))
                .doOnNext(outcome -> ends.merge(outcome.kind(), 1, Integer::sum))
                .then());
        publish(0, MILLION / 10);
        long before = usedBytes();
        publish(MILLION / 10, MILLION);
        long more = usedBytes() - before;
        assertThat(ends)
                .containsOnly(
                        Map.entry(Outcome.Kind.ACKED, MILLION - MILLION / 100),
                        Map.entry(Outcome.Kind.TERMINATED, MILLION / 100),
                        Map.entry(Outcome.Kind.NAKED, MILLION / 100));
        assertThat(taken).hasValue(0);
        assertThat(most).hasValueBetween(1, 64);
        assertThat(more)
                .as("bytes more after a million than after a tenth of it")
                .isLessThan(8 << 20);
        Heard<ClientSnapshot> snapshot = room.hear(room.client().snapshot());
        room.pass(Duration.ZERO);
        assertThat(Pending.in(snapshot.values().get(0))).isZero();
        room.pass(Room.T);

        assertThat(room.told().touches()).isZero();
    }

    private int take() {
        return most.accumulateAndGet(taken.incrementAndGet(), Math::max);
    }

    private static Mono<?> end(int number, int deliveryCount) {
        return switch (number % 100) {
            case 0 -> Mono.just(Disposition.terminate("a hundredth"));
            case 1 -> deliveryCount == 1 ? Mono.error(new IllegalStateException("once")) : Mono.empty();
            default -> Mono.empty();
        };
    }

    private void publish(int from, int to) {
        room.hear(room.client()
                .publishAll(Flux.range(from, to - from)
                        .map(i -> Message.to("quakes.nc").body(Integer.toString(i))))
                .then());
        room.pass(Duration.ofSeconds(5));
    }

    // What other threads of this JVM leave behind meanwhile is not ours: the least of several looks counts.
    private long usedBytes() {
        // The test itself keeps what it was told.
        room.told().events().clear();
        long least = Long.MAX_VALUE;
        Runtime runtime = Runtime.getRuntime();
        for (int look = 0; look < 5; look++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
