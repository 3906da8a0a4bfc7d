package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.chaos.Round.Scene;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerBinary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChaosRunTest {
    @Test
    void eachSceneMeetsEachVersion() {
        List<ServerBinary> all = NatsServers.all();
        Set<String> met = new HashSet<>();
        for (long seed = 1; seed <= 12; seed++) {
            Scene scene = ChaosRun.sceneOf(seed, "");
            met.add(scene + (all.isEmpty() ? "" : " " + ChaosRun.binaryOf(seed, all)));
        }
        assertThat(met).hasSize(Scene.values().length * Math.max(1, Math.min(3, all.size())));
    }
}
