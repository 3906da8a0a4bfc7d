package io.leasehold.benchmarks.compare;

import java.util.Arrays;
import java.util.Collection;

/**
 * Where values lie.
 *
 * @param low the first quartile
 * @param median the middle
 * @param high the third quartile
 */
record Spread(double low, double median, double high) {

    /** Of those that are numbers; none of them gives no numbers. */
    static Spread of(Collection<Double> values) {
        double[] sorted = values.stream()
                .mapToDouble(each -> each)
                .filter(Double::isFinite)
                .toArray();
        Arrays.sort(sorted);
        return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    // Between two values, in a straight line.
    private static double at(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    boolean isKnown() {
        return Double.isFinite(median);
    }
}
