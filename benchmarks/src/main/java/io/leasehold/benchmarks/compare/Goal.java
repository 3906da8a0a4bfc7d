package io.leasehold.benchmarks.compare;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What we want to reach in a workload.
 *
 * @param figure of which figure
 * @param side ours in which way
 * @param beside divided by that of this side in the same round; null for the figure as it is
 * @param least at least so much; no number where there is no such bound
 * @param most at most so much; no number where there is no such bound
 */
record Goal(Figure figure, String side, @Nullable String beside, double least, double most) {
    private static final String OURS = "leasehold";

    /** So many times another side's figure or more. */
    static Goal times(Figure figure, String beside, double least) {
        return new Goal(figure, OURS, beside, least, Double.NaN);
    }

    /** So many times another side's figure or less. */
    static Goal atMostTimes(Figure figure, String beside, double most) {
        return new Goal(figure, OURS, beside, Double.NaN, most);
    }

    /** So much or less. */
    static Goal atMost(Figure figure, double most) {
        return new Goal(figure, OURS, null, Double.NaN, most);
    }

    boolean isReached(double value) {
        return !Double.isNaN(value) && !(value < least) && !(value > most);
    }

    /** In words. */
    String text() {
        String bound = Double.isNaN(least)
                ? String.format(Locale.ROOT, "at most %.2f", most)
                : String.format(Locale.ROOT, "at least %.2f", least);
        return figure.title() + " of " + side + (beside == null ? "" : " ÷ " + beside) + " " + bound;
    }
}
