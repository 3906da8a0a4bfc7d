package io.leasehold.benchmarks.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All samples of a workload, by round, so that sides can be divided by each other within a round. */
final class Results {
    private final Workload workload;
    private final List<Map<String, Sample>> rounds = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    Results(Workload workload) {
        this.workload = workload;
    }

    Workload workload() {
        return workload;
    }

    void add(Map<String, Sample> round) {
        rounds.add(new LinkedHashMap<>(round));
    }

    void failed(String side, int round, Throwable why) {
        failures.add(side + " in round " + round + ": " + why);
    }

    List<String> failures() {
        return failures;
    }

    List<Map<String, Sample>> rounds() {
        return rounds;
    }

    /** A figure of a side over the rounds. */
    Spread of(String side, Figure figure) {
        return Spread.of(rounds.stream()
                .map(round -> round.get(side))
                .filter(sample -> sample != null)
                .map(sample -> sample.get(figure))
                .toList());
    }

    /** A figure of a side divided by that of another one in the same round. */
    Spread ratio(String side, String beside, Figure figure) {
        List<Double> ratios = new ArrayList<>();
        for (Map<String, Sample> round : rounds) {
            Sample one = round.get(side);
            Sample other = round.get(beside);
            if (one != null && other != null) {
                ratios.add(one.get(figure) / other.get(figure));
            }
        }
        return Spread.of(ratios);
    }

    /** What a goal is measured by. */
    Spread of(Goal goal) {
        String beside = goal.beside();
        return beside == null ? of(goal.side(), goal.figure()) : ratio(goal.side(), beside, goal.figure());
    }
}
