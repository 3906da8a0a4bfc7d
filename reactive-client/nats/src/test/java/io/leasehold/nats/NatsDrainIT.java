package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Whoever waits for a drain has heard before how everything ended, answers of the server included. */
@WithServers
class NatsDrainIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    @Test
    @Scenario(34)
    void aDrainCompletesAfterTheOutcomesOfAllRuns() {
        for (int round = 0; round < 40; round++) {
            AtomicInteger begun = new AtomicInteger();
            MessageConsumer<String> consumer = ROOM.consumer().concurrency(8);
            Heard<Outcome> outcomes = ROOM.hear(consumer.handle(
                    delivery -> Mono.delay(Duration.ofMillis(20)).doFirst(begun::incrementAndGet)));
            ROOM.publish(IntStream.range(8 * round, 8 * round + 8)
                    .mapToObj(Integer::toString)
                    .toArray(String[]::new));
            ROOM.await("all run", () -> begun.get() == 8);
            consumer.control().drain(Duration.ofSeconds(10)).block(NatsRoom.LIMIT);

            assertThat(outcomes.hasCompleted()).as("round " + round).isTrue();
            assertThat(NatsRoom.kinds(outcomes)).hasSize(8).containsOnly(Outcome.Kind.ACKED);
        }
    }
}
