package io.leasehold.sample.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.leasehold.sample.assessment.SeismicEnergy;
import io.leasehold.sample.quake.Magnitude;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Counts by magnitude add up exactly. */
class MagnitudeCountsTest {

    @Test
    void noneIsCountedAtFirst() {
        assertThat(MagnitudeCounts.none().total()).isZero();
        assertThat(MagnitudeCounts.none().energyJoule()).isZero();
    }

    @Test
    void eachMagnitudeIsCountedByItself() {
        MagnitudeCounts counts = counts(Magnitude.MIN_HUNDREDTHS, 440, 440, 441, Magnitude.MAX_HUNDREDTHS);

        assertThat(counts.total()).isEqualTo(5);
        assertThat(counts.of(440)).isEqualTo(2);
        assertThat(counts.of(441)).isEqualTo(1);
        assertThat(counts.of(442)).isZero();
        assertThat(counts.of(Magnitude.MIN_HUNDREDTHS)).isEqualTo(1);
        assertThat(counts.of(Magnitude.MAX_HUNDREDTHS)).isEqualTo(1);
    }

    @Test
    void countsOfTwoGroupsAreAdded() {
        assertThat(counts(100, 440).plus(counts(440, 700))).isEqualTo(counts(100, 440, 440, 700));
        assertThat(counts(100).plus(MagnitudeCounts.none()))
                .isEqualTo(counts(100))
                .hasSameHashCodeAs(counts(100));
        assertThat(counts(100)).isNotEqualTo(counts(101));
    }

    @Test
    void energyIsThatOfAllOfThem() {
        assertThat(counts(500, 500, 780).energyJoule())
                .isCloseTo(2 * SeismicEnergy.joule(5) + SeismicEnergy.joule(7.8), withinPercentage(1e-10));
    }

    @Test
    void binsOfATenthTakeInWhatRoundsToTheirMiddle() {
        MagnitudeBins bins = new MagnitudeBins(counts(444, 445, 450, 454, 455, -5, -6));

        assertThat(bins.in(44)).isEqualTo(1);
        assertThat(bins.in(45)).isEqualTo(3);
        assertThat(bins.in(46)).isEqualTo(1);
        assertThat(bins.in(0)).isEqualTo(1);
        assertThat(bins.in(-1)).isEqualTo(1);
        assertThat(bins.fullest()).isEqualTo(45);
        assertThat(bins.countFrom(45)).isEqualTo(4);
        assertThat(bins.meanFrom(45)).isEqualTo((3 * 4.5 + 4.6) / 4);
    }

    @Test
    void ofSeveralFullestBinsTheLowestCounts() {
        assertThat(new MagnitudeBins(counts(300, 200, 400)).fullest()).isEqualTo(20);
    }

    static MagnitudeCounts counts(int... hundredths) {
        return MagnitudeCounts.of(magnitude ->
                Arrays.stream(hundredths).filter(one -> one == magnitude).count());
    }
}
