package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageAnswerTest {
    @Test
    void proceedIsNeitherDelayNorRefusal() {
        StageAnswer answer = StageAnswer.PROCEED;

        assertThat(answer.isProceed()).isTrue();
        assertThat(answer.delayNanos()).isZero();
        assertThat(answer.code()).isNull();
        assertThat(answer).hasToString("proceed");
    }

    @Test
    void aDelayTellsItsNanoseconds() {
        StageAnswer answer = StageAnswer.delay(Duration.ofMillis(7));

        assertThat(answer.isProceed()).isFalse();
        assertThat(answer.delayNanos()).isEqualTo(7_000_000);
        assertThat(answer.code()).isNull();
        assertThat(answer).hasToString("delay PT0.007S");
    }

    @Test
    void aDelayOfNothingOrLessProceeds() {
        assertThat(StageAnswer.delay(Duration.ZERO)).isSameAs(StageAnswer.PROCEED);
        assertThat(StageAnswer.delay(Duration.ofNanos(-5))).isSameAs(StageAnswer.PROCEED);
    }

    @Test
    void aDelayLongerThanNanosecondsCanCountIsTheLongest() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);

        assertThat(StageAnswer.delay(forever).delayNanos())
                .isEqualTo(Span.nanos(forever))
                .isPositive();
    }

    @Test
    void aRefusalTellsItsCodeAndIsMadeOnce() {
        for (ErrorCode code : ErrorCode.values()) {
            StageAnswer answer = StageAnswer.refuse(code);

            assertThat(answer.isProceed()).isFalse();
            assertThat(answer.delayNanos()).isZero();
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer).isSameAs(StageAnswer.refuse(code)).hasToString("refuse " + code);
        }
    }
}
