package io.leasehold.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sides are divided by each other within a round, and what is made of that is told by its middle and quartiles. */
class ResultsTest {
    private final Results results = new Results(Workloads.all().get(0));

    @Test
    void quartilesLieBetweenTheValues() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0, 5.0))).isEqualTo(new Spread(2, 3, 4));
        assertThat(Spread.of(List.of(1.0, 2.0))).isEqualTo(new Spread(1.25, 1.5, 1.75));
        assertThat(Spread.of(List.of(7.0, Double.NaN))).isEqualTo(new Spread(7, 7, 7));
        assertThat(Spread.of(List.of()).isKnown()).isFalse();
    }

    @Test
    void ratiosArePairedByRound() {
        round(200, 100);
        round(30, 10);
        round(4, 1);

        assertThat(results.ratio("leasehold", "jnats", Figure.RATE).median()).isEqualTo(3);
        assertThat(results.of("leasehold", Figure.RATE).median()).isEqualTo(30);
    }

    @Test
    void aRoundInWhichASideFailedHasNoRatio() {
        round(200, 100);
        results.add(Map.of("leasehold", sample(1_000)));

        assertThat(results.ratio("leasehold", "jnats", Figure.RATE)).isEqualTo(new Spread(2, 2, 2));
    }

    @Test
    void goalsAreReachedOnTheirSideOfTheBound() {
        round(150, 100);
        Goal more = Goal.times(Figure.RATE, "jnats", 1.6);
        Goal less = Goal.atMostTimes(Figure.RATE, "jnats", 1.6);

        assertThat(more.isReached(results.of(more).median())).isFalse();
        assertThat(less.isReached(results.of(less).median())).isTrue();
        assertThat(Goal.atMost(Figure.BYTES, 200).isReached(201)).isFalse();
    }

    private void round(double ours, double theirs) {
        results.add(Map.of("leasehold", sample(ours), "jnats", sample(theirs)));
    }

    private static Sample sample(double rate) {
        return new Sample(rate, Double.NaN, 1, 1, 1);
    }
}
