package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.chaos.Round.Scene;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerBinary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosRunTest {
    private final List<String> lines = new ArrayList<>();
    private final Rounds rounds = new Rounds(lines::add);

    private void play(int healthy, int unhealthy) {
        for (int i = 0; i < healthy + unhealthy; i++) {
            Verdict verdict = new Verdict();
            if (i < unhealthy) {
                verdict.unhealthy("n1: not current");
            }
            rounds.play("seed " + i, "again", () -> verdict);
        }
    }

    private static Verdict broken(Verdict.Kind kind) {
        Verdict verdict = new Verdict();
        verdict.found(new Verdict.Violation(kind, "m", "", ""));
        return verdict;
    }

    @Test
    void aClusterThatDoesNotGetHealthyEndsItsRoundAndIsToldWithWhatTheServersSaid() {
        play(3, 1);

        assertThat(lines.get(0)).startsWith("seed 0: ended, since the cluster did not get healthy");
        assertThat(lines.get(1)).isEqualTo("  n1: not current");
        assertThat(rounds).hasToString(new Verdict() + " rounds=4 unhealthy=1");
        assertThat(rounds.areGood()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false", "0, 1, false", "1, 0, true", "1, 1, true", "6, 2, true", "5, 2, false", "1, 4, false"})
    void aRunInWhichHardlyAnythingWasTriedFails(int healthy, int unhealthy, boolean good) {
        play(healthy, unhealthy);
        assertThat(rounds.areGood()).isEqualTo(good);
    }

    @Test
    void whatWasBrokenBeforeTheClusterGotIllCounts() {
        play(3, 0);
        Verdict ill = broken(Verdict.Kind.STALE);
        ill.unhealthy("n1: not current");
        rounds.play("seed 4", "mvn again", () -> ill);

        assertThat(lines).contains("  again: mvn again");
        assertThat(rounds.areGood()).isFalse();
    }

    @Test
    void whatIsFoundBesideThemCounts() {
        play(1, 0);
        rounds.add(broken(Verdict.Kind.ZOMBIE));
        assertThat(rounds.areGood()).isFalse();
    }

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
