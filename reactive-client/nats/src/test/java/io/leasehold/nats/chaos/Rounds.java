package io.leasehold.nats.chaos;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rounds one after the other, and what came of all of them. One whose cluster did not get healthy is told apart: that
 * is the servers' trouble. When that is all that happens, or happens often, nothing was tried, and that is no success.
 */
final class Rounds {
    private static final int SHOWN_MAX = 5;
    private static final int UNHEALTHY_ONE_IN = 4;

    private final Consumer<String> lines;
    private final Verdict total = new Verdict();
    private int all;
    private int unhealthy;

    /** @param lines takes what is told, line by line */
    Rounds(Consumer<String> lines) {
        this.lines = lines;
    }

    /**
     * Plays one.
     *
     * @param name of it
     * @param again the command that plays it again
     */
    void play(String name, String again, Supplier<Verdict> round) {
        Verdict verdict = round.get();
        all++;
        if (!verdict.unhealthy().isEmpty()) {
            unhealthy++;
            lines.accept(name + ": ended, since the cluster did not get healthy; " + verdict);
            verdict.unhealthy().lines().forEach(line -> lines.accept("  " + line));
        } else {
            lines.accept(name + ": " + verdict);
        }
        tell(again, verdict);
        total.add(verdict);
    }

    private void tell(String again, Verdict verdict) {
        verdict.apart().stream()
                .limit(SHOWN_MAX)
                .forEach(apart ->
                        lines.accept("  " + apart.toString().lines().findFirst().orElse("")));
        if (!verdict.isGood()) {
            lines.accept("  again: " + again);
            verdict.violations().stream().limit(SHOWN_MAX).forEach(violation -> lines.accept("  " + violation));
        }
    }

    /** Adds what was found beside them. */
    void add(Verdict other) {
        total.add(other);
    }

    /** Whether no promise was broken and enough was tried: one of a few may be unhealthy, and of many one in four. */
    boolean areGood() {
        return total.isGood() && unhealthy < all && unhealthy <= Math.max(1, all / UNHEALTHY_ONE_IN);
    }

    /** The one line that says it all. */
    @Override
    public String toString() {
        return total + " rounds=" + all + " unhealthy=" + unhealthy;
    }
}
