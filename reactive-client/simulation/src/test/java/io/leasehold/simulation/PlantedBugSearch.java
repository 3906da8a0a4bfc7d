package io.leasehold.simulation;

import io.leasehold.planted.Mutant;
import org.jspecify.annotations.Nullable;

/**
 * Plants each mistake and looks for the first schedule that shows it. {@code simulation.schedules} (default 20,000)
 * says how many are tried, {@code simulation.bug} is a part of the names to be looked at.
 */
public final class PlantedBugSearch {
    private final long schedules = Long.getLong("simulation.schedules", 20_000);
    private final String wanted = System.getProperty("simulation.bug", "");
    private int missed;

    private PlantedBugSearch() {}

    /** Searches; ends the process, with 1 when a mistake was not found. */
    public static void main(String[] args) {
        PlantedBugSearch search = new PlantedBugSearch();
        for (PlantedBug bug : PlantedBug.values()) {
            if (bug.name().contains(search.wanted)) {
                search.look(bug);
            }
        }
        System.out.flush();
        Runtime.getRuntime().halt(search.missed > 0 ? 1 : 0);
    }

    private void look(PlantedBug bug) {
        SimulationEntry mutant = new SimulationEntry(new Mutant(bug.mistake()).loader());
        for (long seed = 1; seed <= schedules; seed++) {
            ScheduleMode mode = SimulationRun.modeOf(seed);
            @Nullable String found = mutant.violationOf(seed, mode);
            if (found != null) {
                System.out.printf("%-36s seed %d %s: %s%n", bug.name(), seed, mode, found);
                return;
            }
        }
        missed++;
        System.out.printf("%-36s NOT FOUND in %d schedules%n", bug.name(), schedules);
    }
}
