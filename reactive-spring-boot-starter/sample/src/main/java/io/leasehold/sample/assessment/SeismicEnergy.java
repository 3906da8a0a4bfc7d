package io.leasehold.sample.assessment;

/**
 * The energy an earthquake radiates as waves.
 *
 * <p>{@code log10 E = 1.5 M + 4.8} with E in joule (11.8 for erg): B. Gutenberg and C. F. Richter, "Magnitude and
 * energy of earthquakes", Annali di Geofisica 9 (1956), 1-15. It was found for surface wave magnitudes; here it is
 * applied to every scale.
 */
public final class SeismicEnergy {

    private SeismicEnergy() {}

    /**
     * Returns the energy in joule, the same number on every machine.
     *
     * @param magnitude the magnitude
     */
    public static double joule(double magnitude) {
        return StrictMath.pow(10, 1.5 * magnitude + 4.8);
    }
}
