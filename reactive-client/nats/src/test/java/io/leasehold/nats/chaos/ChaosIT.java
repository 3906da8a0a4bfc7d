package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.nats.chaos.Round.Scene;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A little chaos, each time from the same seeds; {@code -Pchaos} runs any amount. */
@WithServers
@Tag("once")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ChaosIT {
    private static final Duration SHORT = Duration.ofSeconds(18);

    @ParameterizedTest
    @CsvSource({"ALONE, 1", "CLUSTER, 2"})
    @Scenario({29, 30, 31})
    void promisesAreKept(Scene scene, long seed) {
        Verdict verdict = new Round(scene, NatsServers.newest(), seed, SHORT).run();
        System.out.println("[chaos] seed " + seed + " (" + scene + "): " + verdict);

        assertThat(verdict.unhealthy()).as("what the servers said").isEmpty();
        assertThat(verdict.violations())
                .as("seed %d (%s): %s", seed, scene, verdict)
                .isEmpty();
        assertThat(verdict.published()).isPositive();
        assertThat(verdict.acked()).isGreaterThanOrEqualTo(verdict.published());
        assertThat(verdict.faults()).isPositive();
    }
}
