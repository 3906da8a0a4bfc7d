package io.leasehold.sample.assessment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.leasehold.sample.SomeQuakes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is worked out for an earthquake agrees with the formulas as published. */
class AssessmentTest {

    @ParameterizedTest(name = "magnitude {0}: {1} J")
    @CsvSource({"0, 6.3096e4", "1, 1.99526e6", "5, 1.99526e12", "7.8, 3.16228e16"})
    void energyFollowsGutenbergAndRichter(double magnitude, double joule) {
        assertThat(SeismicEnergy.joule(magnitude)).isCloseTo(joule, withinPercentage(0.001));
    }

    // Worked out apart from this code, with twenty digits.
    @ParameterizedTest(name = "magnitude {0} at {1} km: intensity {2}")
    @CsvSource({"5.0, 20, 5.0191197", "6.0, 50, 5.1603881", "7.0, 10, 8.0343509", "7.0, 100, 5.6632662"})
    void intensityFollowsAllenWaldAndWorden(double magnitude, double distanceKm, double intensity) {
        assertThat(FeltRadius.intensity(magnitude, distanceKm)).isCloseTo(intensity, within(1e-7));
    }

    @ParameterizedTest(name = "magnitude {0}, {1} km deep")
    @CsvSource({"2.5, 1", "4.4, 10", "5.5, 35", "7.0, 10", "7.8, 24", "7.7, 207.62", "10, 0"})
    void atTheFeltRadiusTheIntensityIsThree(double magnitude, double depthKm) {
        double radius = FeltRadius.km(magnitude, depthKm);
        double distance = Math.hypot(radius, depthKm);

        assertThat(radius).isPositive();
        assertThat(FeltRadius.intensity(magnitude, distance)).isCloseTo(3, within(0.002));
    }

    @ParameterizedTest(name = "magnitude {0}, {1} km deep")
    @CsvSource({"1, 10", "3, 50", "4.5, 600", "-2, 0.5"})
    void aSmallOrDeepEarthquakeIsFeltNowhere(double magnitude, double depthKm) {
        assertThat(FeltRadius.km(magnitude, depthKm)).isZero();
    }

    @Test
    void aLargerEarthquakeIsFeltFartherAndADeeperOneLess() {
        assertThat(FeltRadius.km(6, 10)).isGreaterThan(FeltRadius.km(5, 10));
        assertThat(FeltRadius.km(6, 100)).isLessThan(FeltRadius.km(6, 10));
    }

    @Test
    void aboveSeaLevelCountsAsSeaLevel() {
        assertThat(FeltRadius.km(3, -3.48)).isEqualTo(FeltRadius.km(3, 0)).isPositive();
    }

    @Test
    void theSameEarthquakeGivesTheSameNumbers() {
        Assessment assessment = Assessment.of(SomeQuakes.of(780));

        assertThat(assessment).isEqualTo(Assessment.of(SomeQuakes.of(780)));
        assertThat(assessment.energyJoule()).isEqualTo(SeismicEnergy.joule(7.8));
        assertThat(assessment.feltRadiusKm()).isEqualTo(FeltRadius.km(7.8, 21));
    }
}
