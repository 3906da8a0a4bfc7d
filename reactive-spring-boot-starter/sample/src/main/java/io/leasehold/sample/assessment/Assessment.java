package io.leasehold.sample.assessment;

import io.leasehold.sample.quake.Quake;

/**
 * What the desk works out for an earthquake.
 *
 * @param feltRadiusKm how far from the epicentre it is felt, see {@link FeltRadius}; 0 for nowhere
 * @param energyJoule the energy it radiates, see {@link SeismicEnergy}
 */
public record Assessment(double feltRadiusKm, double energyJoule) {

    /** Works it out; the same earthquake always gives the same numbers. */
    public static Assessment of(Quake quake) {
        double magnitude = quake.magnitude().value();
        double depthKm = quake.hypocenter().depthKm();
        return new Assessment(FeltRadius.km(magnitude, depthKm), SeismicEnergy.joule(magnitude));
    }
}
