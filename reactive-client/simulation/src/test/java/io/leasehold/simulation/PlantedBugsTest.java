package io.leasehold.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.planted.Mistake;
import io.leasehold.planted.Mutant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds what it is there to find. */
@Tag("once")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PlantedBugsTest {
    // The recorded seed finds it at once; after a change of the code it may be one of the next.
    private static final long SEEDS = 5_000;

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsFoundAndTheScheduleKeepsAllPromisesWithoutIt(PlantedBug bug) {
        SimulationEntry mutant = new SimulationEntry(new Mutant(bug.mistake()).loader());
        long seed = bug.seed();
        while (mutant.violationOf(seed, SimulationRun.modeOf(seed)) == null) {
            seed++;
            assertThat(seed)
                    .as("%s is not found any more; search with -Pplanted -Dsimulation.bug=%s", bug, bug)
                    .isLessThan(bug.seed() + SEEDS);
        }

        assertThat(Schedule.violationOf(seed, SimulationRun.modeOf(seed).name()))
                .as("seed %d without the bug", seed)
                .isNull();
    }

    @Test
    void aBugWhoseCodeHasMovedOnSaysSo() {
        Mistake stale = new Mistake("lease/LeaseTerms.java", List.of(new Mistake.Edit("no such code", "")));
        assertThatThrownBy(() -> new Mutant(stale)).hasMessageContaining("renew this planted bug");
    }

    @Test
    void thereAreEnoughOfThem() {
        assertThat(PlantedBug.values()).hasSizeGreaterThanOrEqualTo(16);
    }
}
