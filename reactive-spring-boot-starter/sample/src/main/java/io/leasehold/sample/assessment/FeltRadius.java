package io.leasehold.sample.assessment;

/**
 * How far from the epicentre an earthquake is felt: to where the expected intensity on the modified Mercalli scale
 * falls below III ("felt quite noticeably by persons indoors").
 *
 * <p>The expected intensity at R kilometres from the hypocentre is
 *
 * <pre>
 * I(M, R) = 2.085 + 1.428 M - 1.402 ln sqrt(R^2 + Rm^2) + s(R)
 * Rm      = -0.209 + 2.042 exp(M - 5)
 * s(R)    = 0.078 ln(R / 50) beyond 50 km, 0 up to there
 * </pre>
 *
 * after T. I. Allen, D. J. Wald and C. B. Worden, "Intensity attenuation for active crustal regions", Journal of
 * Seismology 16 (2012), 409-433, the form for hypocentral distance. It was fitted to magnitudes 5.0 to 7.9 within 300
 * km; outside of that, which is most of a catalogue, it is an extrapolation and good for comparisons only.
 */
public final class FeltRadius {

    private static final double FELT_INTENSITY = 3;
    private static final double HALF_ROUND_THE_WORLD_KM = 20_015;
    private static final double EXACT_TO_KM = 0.001;

    private FeltRadius() {}

    /**
     * Returns the distance on the surface in kilometres within which the earthquake is felt, 0 if it is felt nowhere.
     *
     * @param magnitude the magnitude
     * @param depthKm the depth of the hypocentre; above sea level counts as 0
     */
    public static double km(double magnitude, double depthKm) {
        double depth = Math.max(0, depthKm);
        if (intensity(magnitude, depth) < FELT_INTENSITY) {
            return 0;
        }
        double reach = reachKm(magnitude, depth);
        return Math.sqrt(reach * reach - depth * depth);
    }

    /** Halves the interval in which the intensity, which falls with distance, crosses the felt one. */
    private static double reachKm(double magnitude, double depth) {
        double felt = depth;
        double beyond = HALF_ROUND_THE_WORLD_KM;
        while (beyond - felt > EXACT_TO_KM) {
            double middle = (felt + beyond) / 2;
            if (intensity(magnitude, middle) < FELT_INTENSITY) {
                beyond = middle;
            } else {
                felt = middle;
            }
        }

        return felt;
    }

    /** Returns the expected intensity at a distance from the hypocentre. */
    static double intensity(double magnitude, double distanceKm) {
        double saturation = -0.209 + 2.042 * StrictMath.exp(magnitude - 5);
        double effective = Math.sqrt(distanceKm * distanceKm + saturation * saturation);
        double anelastic = distanceKm <= 50 ? 0 : 0.078 * StrictMath.log(distanceKm / 50);
        return 2.085 + 1.428 * magnitude - 1.402 * StrictMath.log(effective) + anelastic;
    }
}
