package io.leasehold.sample.statistics;

import io.leasehold.sample.assessment.AssessedQuake;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of some earthquakes. {@link #merge} is commutative and associative, and exact: the same earthquakes
 * give equal statistics however they are ordered and grouped.
 *
 * @param counts how many of each magnitude
 * @param felt how many are felt somewhere
 * @param widestFeltKm the largest felt radius, 0 for none
 * @param largest the one of the largest magnitude, the earliest of several; {@code null} for none
 */
public record QuakeStatistics(
        MagnitudeCounts counts,
        long felt,
        double widestFeltKm,
        @Nullable AssessedQuake largest) {

    private static final QuakeStatistics NONE = new QuakeStatistics(MagnitudeCounts.none(), 0, 0, null);
    private static final Comparator<AssessedQuake> BY_SIZE = Comparator.comparingInt(
                    (AssessedQuake assessed) -> assessed.quake().magnitude().hundredths())
            .thenComparing(assessed -> assessed.quake().time(), Comparator.reverseOrder())
            .thenComparing(AssessedQuake::id, Comparator.reverseOrder());

    /** Returns the statistics of no earthquakes. */
    public static QuakeStatistics none() {
        return NONE;
    }

    /** Returns the statistics of these and the other earthquakes together; none may be in both. */
    public QuakeStatistics merge(QuakeStatistics other) {
        return new QuakeStatistics(
                counts.plus(other.counts),
                felt + other.felt,
                Math.max(widestFeltKm, other.widestFeltKm),
                larger(largest, other.largest));
    }

    /** Returns the energy of all of them in joule. */
    public double energyJoule() {
        return counts.energyJoule();
    }

    /** Returns the b-value, or nothing for too few earthquakes. */
    public Optional<BValue> bValue(Completeness completeness) {
        return BValue.estimate(counts, completeness);
    }

    /** Returns the larger of two; of equal ones the earlier, then the one whose id comes first. */
    static @Nullable AssessedQuake larger(@Nullable AssessedQuake one, @Nullable AssessedQuake other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return BY_SIZE.compare(one, other) >= 0 ? one : other;
    }
}
