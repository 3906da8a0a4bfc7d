package io.leasehold.simulation;

import java.util.List;

/**
 * Runs many schedules. System properties: {@code simulation.schedules} (default 10,000), {@code simulation.seed} of the
 * first one (default 1), {@code simulation.mode} (SAFETY or LIVENESS; default both in turn), {@code simulation.trace}
 * (tells what happens; one schedule alone is always traced), {@code simulation.shown} (how many failures are told,
 * default 5).
 * The last line says what came of it.
 */
public final class SimulationRun {
    private static final int SHOWN_MAX = Integer.getInteger("simulation.shown", 5);

    private final long schedules = Long.getLong("simulation.schedules", 10_000);
    private final long firstSeed = Long.getLong("simulation.seed", 1);
    private final String mode = System.getProperty("simulation.mode", "");
    private final boolean traced = schedules == 1 || Boolean.getBoolean("simulation.trace");
    private int violations;

    private SimulationRun() {}

    /** Runs them; ends the process, with 1 when a promise was broken. */
    public static void main(String[] args) {
        SimulationRun run = new SimulationRun();
        long start = System.nanoTime();
        run.runAll();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "schedules=%d violations=%d seed=%d seconds=%.1f%n",
                run.schedules, run.violations, run.firstSeed, seconds);
        System.out.flush();
        // That line is the last one: a terminal's codes, which Maven writes when it leaves, must not follow it.
        Runtime.getRuntime().halt(run.violations > 0 ? 1 : 0);
    }

    /** The mode of a seed when none is asked for: one in three heals. */
    static ScheduleMode modeOf(long seed) {
        return seed % 3 == 0 ? ScheduleMode.LIVENESS : ScheduleMode.SAFETY;
    }

    private void runAll() {
        for (long i = 0; i < schedules; i++) {
            runOne(firstSeed + i);
        }
    }

    private void runOne(long seed) {
        ScheduleMode chosen = mode.isEmpty() ? modeOf(seed) : ScheduleMode.valueOf(mode);
        SimWorld world = new Schedule(seed, chosen, traced).run();
        BrokenPromise violation = world.violation();
        if (traced) {
            print(world.trace());
        }
        if (violation == null) {
            return;
        }
        violations++;
        if (violations <= SHOWN_MAX) {
            System.out.println("seed " + seed + " (" + chosen + "): " + violation);
            System.out.println("  replay: " + command(seed, chosen));
        }
    }

    /** The command that replays the schedule of a seed. */
    static String command(long seed, ScheduleMode chosen) {
        return "mvn -q -ntp -pl reactive-client/simulation -am -Psimulation test -Dsimulation.schedules=1"
                + " -Dsimulation.seed=" + seed + (chosen == modeOf(seed) ? "" : " -Dsimulation.mode=" + chosen);
    }

    private static void print(List<String> trace) {
        trace.forEach(System.out::println);
    }
}
