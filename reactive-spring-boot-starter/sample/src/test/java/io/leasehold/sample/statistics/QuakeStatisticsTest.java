package io.leasehold.sample.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.assessment.AssessedQuake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Statistics are the same in any order and grouping. */
class QuakeStatisticsTest {

    @Test
    void ofNothingAreZero() {
        QuakeStatistics none = QuakeStatistics.none();

        assertThat(none.counts().total()).isZero();
        assertThat(none.largest()).isNull();
        assertThat(none.bValue(Completeness.WORLDWIDE)).isEmpty();
        assertThat(none.merge(none)).isEqualTo(none);
    }

    @Test
    void countWhatIsFelt() {
        QuakeStatistics statistics = of(List.of(
                SomeQuakes.assessed("a-1", SomeQuakes.of(100)),
                SomeQuakes.assessed("a-2", SomeQuakes.of(600)),
                SomeQuakes.assessed("a-3", SomeQuakes.of(700))));

        assertThat(statistics.felt()).isEqualTo(2);
        assertThat(statistics.widestFeltKm())
                .isEqualTo(SomeQuakes.assessed("a-3", SomeQuakes.of(700))
                        .assessment()
                        .feltRadiusKm());
    }

    @Test
    void ofEquallyLargeEarthquakesTheEarliestIsTheLargest() {
        AssessedQuake early = SomeQuakes.assessed("z-9", SomeQuakes.at(SomeQuakes.NOON.minusSeconds(1), 780));
        AssessedQuake late = SomeQuakes.assessed("a-1", SomeQuakes.of(780));
        AssessedQuake sameTime = SomeQuakes.assessed("a-2", SomeQuakes.of(780));
        AssessedQuake small = SomeQuakes.assessed("a-0", SomeQuakes.at(SomeQuakes.NOON.minusSeconds(9), 779));

        assertThat(of(List.of(late, early, small, sameTime)).largest()).isEqualTo(early);
        assertThat(of(List.of(sameTime, small, late)).largest()).isEqualTo(late);
    }

    @RepeatedTest(5)
    void areTheSameInAnyOrderAndGrouping() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<AssessedQuake> quakes = new ArrayList<>(IntStream.range(0, 500)
                .mapToObj(i -> SomeQuakes.assessed("q-" + i, SomeQuakes.of(random.nextInt(-200, 1001))))
                .toList());
        QuakeStatistics inOrder = of(quakes);

        Collections.shuffle(quakes, random);
        List<QuakeStatistics> groups = new ArrayList<>();
        int from = 0;
        while (from < quakes.size()) {
            int to = Math.min(quakes.size(), from + random.nextInt(1, 100));
            groups.add(of(quakes.subList(from, to)));
            from = to;
        }
        QuakeStatistics merged = mergedInPairs(groups, random);

        assertThat(merged).as("seed %d", seed).isEqualTo(inOrder);
        assertThat(merged.energyJoule()).as("seed %d", seed).isEqualTo(inOrder.energyJoule());
    }

    private static QuakeStatistics mergedInPairs(List<QuakeStatistics> groups, Random random) {
        while (groups.size() > 1) {
            QuakeStatistics one = groups.remove(random.nextInt(groups.size()));
            QuakeStatistics other = groups.remove(random.nextInt(groups.size()));
            groups.add(one.merge(other));
        }
        return groups.get(0);
    }

    private static QuakeStatistics of(List<AssessedQuake> quakes) {
        Accumulator accumulator = new Accumulator();
        quakes.forEach(accumulator::add);
        return accumulator.snapshot();
    }
}
