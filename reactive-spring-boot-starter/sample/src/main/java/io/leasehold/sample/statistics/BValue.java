package io.leasehold.sample.statistics;

import java.util.Optional;

/**
 * How the number of earthquakes falls with magnitude: {@code log10 N = a - b M}. A b of 1 means ten times fewer for
 * each whole magnitude.
 *
 * <p>The estimate is that of maximum likelihood by K. Aki, "Maximum likelihood estimate of b in the formula log N = a -
 * bM and its confidence limits", Bulletin of the Earthquake Research Institute 43 (1965), 237-239, with the correction
 * for binned magnitudes by T. Utsu, "A statistical significance test of the difference in b-value between two
 * earthquake groups", Journal of Physics of the Earth 14 (1966), 37-40:
 *
 * <pre>
 * b = log10(e) / (mean(M) - (Mc - dM / 2))      over all M of Mc and above, dM = 0.1
 * </pre>
 *
 * @param value the estimate
 * @param completeness the magnitude Mc from which on earthquakes are taken
 * @param sample how many were taken
 */
public record BValue(double value, double completeness, long sample) {

    /**
     * From fewer earthquakes than this no value is given; Aki's standard error, b over the root of n, would pass 14 %.
     */
    public static final int SMALLEST_SAMPLE = 50;

    private static final double LOG10_E = 1 / StrictMath.log(10);

    /**
     * Returns the estimate, or nothing if too few earthquakes are above the completeness magnitude.
     *
     * @param counts the earthquakes
     * @param completeness how the completeness magnitude is chosen
     */
    public static Optional<BValue> estimate(MagnitudeCounts counts, Completeness completeness) {
        if (counts.total() < SMALLEST_SAMPLE) {
            return Optional.empty();
        }

        MagnitudeBins bins = new MagnitudeBins(counts);
        int from = completeness.bin(bins);
        long sample = bins.countFrom(from);
        if (sample < SMALLEST_SAMPLE) {
            return Optional.empty();
        }
        double complete = from / 10.0;
        double aboveEdge = bins.meanFrom(from) - (complete - MagnitudeBins.WIDTH / 2);

        return Optional.of(new BValue(LOG10_E / aboveEdge, complete, sample));
    }
}
