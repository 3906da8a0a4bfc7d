package io.leasehold.sample.quake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A magnitude is a whole number of hundredths. */
class MagnitudeTest {

    @Test
    void isKeptExactly() {
        Magnitude magnitude = new Magnitude(780, "Mw");

        assertThat(magnitude.value()).isEqualTo(7.8);
        assertThat(magnitude.decimal()).hasToString("7.80");
    }

    @ParameterizedTest
    @ValueSource(ints = {Magnitude.MIN_HUNDREDTHS, Magnitude.MAX_HUNDREDTHS})
    void mayBeAtItsBounds(int hundredths) {
        assertThat(new Magnitude(hundredths, null).hundredths()).isEqualTo(hundredths);
    }

    @ParameterizedTest
    @ValueSource(ints = {Magnitude.MIN_HUNDREDTHS - 1, Magnitude.MAX_HUNDREDTHS + 1})
    void isRefusedOutOfItsBounds(int hundredths) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Magnitude(hundredths, null))
                .withMessageContaining(String.valueOf(hundredths));
    }
}
