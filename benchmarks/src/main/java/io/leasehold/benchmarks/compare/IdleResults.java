package io.leasehold.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What idle consumers cost over the rounds. */
final class IdleResults {
    private static final double PERCENT = 100;

    private final List<Idle> rounds = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    void add(Idle round) {
        rounds.add(round);
    }

    void failed(Throwable why) {
        failures.add(String.valueOf(why));
    }

    boolean hasFailed() {
        return !failures.isEmpty();
    }

    List<Idle> rounds() {
        return rounds;
    }

    void show(PrintStream out) {
        failures.forEach(failure -> out.printf("%nFAILED: %s: %s%n", Idle.NAME, failure));
        if (rounds.isEmpty()) {
            return;
        }

        out.printf(
                "%n%s: %,d consumers on one connection; medians [quartiles]%n",
                Idle.NAME, rounds.get(0).consumers());
        out.printf("  started in %s s, wanted is less than 30%n", text(Idle::startSeconds));
        out.printf("  live heap of each %s B, wanted is at most 8192%n", text(Idle::bytesEach));
        out.printf("  CPU %s %% of a core, wanted is less than 10%n", text(idle -> idle.cpuShare() * PERCENT));
    }

    private String text(ToDoubleFunction<Idle> figure) {
        return Screen.text(spread(figure));
    }

    Spread spread(ToDoubleFunction<Idle> figure) {
        return Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
    }
}
