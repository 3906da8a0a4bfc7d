package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.WithServers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Who slept past its leases and wakes: cancels before it settles anything, and disturbs nobody. */
@WithServers
@Tag("once")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ZombieIT {
    private final NatsServer server = NatsServer.start(NatsServers.newest());

    @AfterEach
    void stop() {
        server.close();
    }

    @RepeatedTest(3)
    @Scenario({10, 31})
    void aZombieSettlesNothingAndNoneOfItsEffectsComesAfterItsSuccessors(RepetitionInfo repetition) {
        assertThat(new ZombieRound(server, repetition.getCurrentRepetition()).run())
                .isEmpty();
    }
}
