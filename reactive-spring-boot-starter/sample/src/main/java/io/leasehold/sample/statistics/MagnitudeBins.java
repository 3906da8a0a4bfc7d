package io.leasehold.sample.statistics;

import java.util.stream.IntStream;

/**
 * How many earthquakes there are of each magnitude, to a tenth: the resolution in which most networks report. A bin is
 * named by its middle in tenths; magnitude 4.45 to 4.54 is in bin 45.
 */
final class MagnitudeBins {

    static final double WIDTH = 0.1;

    private static final int FIRST = bin(MagnitudeCounts.hundredths().min().orElseThrow());
    private static final int LAST = bin(MagnitudeCounts.hundredths().max().orElseThrow());

    private final long[] counts = new long[LAST - FIRST + 1];

    MagnitudeBins(MagnitudeCounts exact) {
        MagnitudeCounts.hundredths().forEach(hundredths -> counts[bin(hundredths) - FIRST] += exact.of(hundredths));
    }

    /** Returns how many earthquakes are in a bin. */
    long in(int bin) {
        return counts[bin - FIRST];
    }

    /** Returns the fullest bin, the lowest of several. */
    int fullest() {
        return IntStream.rangeClosed(FIRST, LAST)
                .reduce((best, bin) -> in(bin) > in(best) ? bin : best)
                .orElseThrow();
    }

    /** Returns how many earthquakes are in this bin and above. */
    long countFrom(int bin) {
        return IntStream.rangeClosed(bin, LAST).mapToLong(this::in).sum();
    }

    /** Returns the mean magnitude of the earthquakes in this bin and above, each taken as the middle of its bin. */
    double meanFrom(int bin) {
        long tenths = IntStream.rangeClosed(bin, LAST).mapToLong(b -> b * in(b)).sum();
        return tenths / 10.0 / countFrom(bin);
    }

    private static int bin(int hundredths) {
        return Math.floorDiv(hundredths + 5, 10);
    }
}
