package io.leasehold.sample.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The b-value is found again in earthquakes that follow the law. */
class BValueTest {

    private static final int MANY = 1_000_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.7, 1.0, 1.3})
    void isFoundInEarthquakesThatFollowTheLaw(double b) {
        BValue found = BValue.estimate(following(b, 50), Completeness.WORLDWIDE).orElseThrow();

        // Bins of finite width leave a bias of a few thousandths.
        assertThat(found.value()).isCloseTo(b, within(0.01));
        assertThat(found.completeness()).isEqualTo(5.0);
    }

    @Test
    void whatIsBelowTheCompletenessMagnitudeDoesNotMatter() {
        MagnitudeCounts complete = following(1, 50);
        MagnitudeCounts alsoSmall = complete.plus(MagnitudeCounts.of(magnitude -> magnitude < 490 ? 1000 : 0));

        assertThat(BValue.estimate(alsoSmall, Completeness.WORLDWIDE))
                .isEqualTo(BValue.estimate(complete, Completeness.WORLDWIDE));
    }

    @Test
    void ofOneNetworkCountsFromAboveItsFullestBin() {
        BValue found = BValue.estimate(following(1, 12), Completeness.MAXIMUM_CURVATURE)
                .orElseThrow();

        assertThat(found.completeness()).isEqualTo(1.4);
        assertThat(found.sample()).isLessThan(following(1, 12).total());
        assertThat(found.value()).isCloseTo(1, within(0.01));
    }

    @Test
    void isAkisFormulaWithUtsusCorrection() {
        BValue found = BValue.estimate(
                        MagnitudeCountsTest.counts(IntStream.range(0, 100)
                                .map(i -> i < 60 ? 500 : 550)
                                .toArray()),
                        Completeness.WORLDWIDE)
                .orElseThrow();

        // mean 5.2, completeness 5.0 less half a bin of 0.1: log10(e) / 0.25
        assertThat(found.value()).isCloseTo(1.7371779, within(1e-7));
        assertThat(found.sample()).isEqualTo(100);
    }

    @Test
    void isNotGivenForTooFewEarthquakes() {
        MagnitudeCounts few = MagnitudeCounts.of(magnitude -> magnitude == 500 ? BValue.SMALLEST_SAMPLE - 1 : 0);
        MagnitudeCounts enough = few.plus(MagnitudeCountsTest.counts(610));
        MagnitudeCounts small = MagnitudeCounts.of(magnitude -> magnitude == 300 ? MANY : 0);

        assertThat(BValue.estimate(few, Completeness.WORLDWIDE)).isEmpty();
        assertThat(BValue.estimate(small, Completeness.WORLDWIDE)).isEmpty();
        assertThat(BValue.estimate(MagnitudeCounts.none(), Completeness.MAXIMUM_CURVATURE))
                .isEmpty();
        assertThat(BValue.estimate(enough, Completeness.WORLDWIDE)).isPresent();
    }

    /** Earthquakes from a bin on, in bins of a tenth, each bin fewer by the law with this b. */
    private static MagnitudeCounts following(double b, int firstBin) {
        return MagnitudeCounts.of(magnitude -> magnitude % 10 != 0 || magnitude < firstBin * 10
                ? 0
                : Math.round(MANY * Math.pow(10, -b * (magnitude / 10 - firstBin) / 10.0)));
    }
}
