package io.leasehold.sample.statistics;

import io.leasehold.sample.assessment.AssessedQuake;
import io.leasehold.sample.quake.Magnitude;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Gathers the statistics of earthquakes from any number of threads at once, without a lock. */
final class Accumulator {

    private static final int MIN = Magnitude.MIN_HUNDREDTHS;

    private final AtomicLongArray counts = new AtomicLongArray(Magnitude.MAX_HUNDREDTHS - MIN + 1);
    private final LongAdder felt = new LongAdder();
    private final DoubleAccumulator widestFeltKm = new DoubleAccumulator(Math::max, 0);
    private final AtomicReference<@Nullable AssessedQuake> largest = new AtomicReference<>();

    void add(AssessedQuake assessed) {
        double feltRadiusKm = assessed.assessment().feltRadiusKm();
        if (feltRadiusKm > 0) {
            felt.increment();
            widestFeltKm.accumulate(feltRadiusKm);
        }
        largest.accumulateAndGet(assessed, QuakeStatistics::larger);
        // Last, and read first: whoever sees the earthquake counted sees the rest of it as well.
        counts.incrementAndGet(assessed.quake().magnitude().hundredths() - MIN);
    }

    QuakeStatistics snapshot() {
        MagnitudeCounts counted = MagnitudeCounts.of(hundredths -> counts.get(hundredths - MIN));
        return new QuakeStatistics(counted, felt.sum(), widestFeltKm.get(), largest.get());
    }
}
