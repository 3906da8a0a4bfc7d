package io.leasehold.sample.statistics;

import io.leasehold.sample.assessment.SeismicEnergy;
import io.leasehold.sample.quake.Magnitude;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * How many earthquakes there are of each magnitude, to a hundredth.
 *
 * <p>Catalogues give magnitudes with two decimals at most, so these whole numbers keep everything that the statistics
 * need, and adding whole numbers is exact in any order and grouping. Sums of floating point numbers are not: they are
 * formed once, at the end, over the counts in ascending order of magnitude.
 */
public final class MagnitudeCounts {

    private static final int MIN = Magnitude.MIN_HUNDREDTHS;
    private static final int SIZE = Magnitude.MAX_HUNDREDTHS - MIN + 1;
    private static final MagnitudeCounts NONE = new MagnitudeCounts(new long[SIZE]);

    private final long[] counts;

    private MagnitudeCounts(long[] counts) {
        this.counts = counts;
    }

    /** Returns the counts of no earthquakes. */
    public static MagnitudeCounts none() {
        return NONE;
    }

    /**
     * Returns counts by magnitude.
     *
     * @param countOf gives the count for a magnitude in hundredths; asked once for each that a {@link Magnitude} can
     * have
     */
    public static MagnitudeCounts of(IntToLongFunction countOf) {
        return new MagnitudeCounts(hundredths().mapToLong(countOf).toArray());
    }

    /** Returns the counts of these and the other earthquakes together. */
    public MagnitudeCounts plus(MagnitudeCounts other) {
        return of(hundredths -> of(hundredths) + other.of(hundredths));
    }

    /**
     * Returns how many earthquakes have this magnitude.
     *
     * @param hundredths the magnitude times 100
     */
    public long of(int hundredths) {
        return counts[hundredths - MIN];
    }

    /** Returns how many earthquakes there are. */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** Returns the energy of all of them in joule, see {@link SeismicEnergy}. */
    public double energyJoule() {
        return hundredths()
                .filter(hundredths -> of(hundredths) > 0)
                .mapToObj(hundredths -> of(hundredths) * SeismicEnergy.joule(hundredths / 100.0))
                .reduce(0.0, Double::sum);
    }

    /** Returns all magnitudes that can be counted, ascending. */
    static IntStream hundredths() {
        return IntStream.rangeClosed(MIN, Magnitude.MAX_HUNDREDTHS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MagnitudeCounts that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "MagnitudeCounts[total=" + total() + "]";
    }
}
