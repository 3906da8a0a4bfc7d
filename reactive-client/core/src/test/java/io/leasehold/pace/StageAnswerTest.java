package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.junit.jupiter.api.Test;

class StageAnswerTest {
    @Test
    void proceedIsNeitherDelayNorRefusal() {
        assertThat(StageAnswer.isProceed(StageAnswer.PROCEED)).isTrue();
        assertThat(StageAnswer.isDelay(StageAnswer.PROCEED)).isFalse();
        assertThat(StageAnswer.isRefusal(StageAnswer.PROCEED)).isFalse();
        assertThat(StageAnswer.delayNanos(StageAnswer.PROCEED)).isZero();
    }

    @Test
    void aDelayTellsItsNanoseconds() {
        assertThat(StageAnswer.isDelay(StageAnswer.delay(7))).isTrue();
        assertThat(StageAnswer.delayNanos(StageAnswer.delay(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(StageAnswer.isProceed(StageAnswer.delay(0))).isTrue();
        assertThat(StageAnswer.isProceed(StageAnswer.delay(-5))).isTrue();
    }

    @Test
    void aRefusalTellsItsCode() {
        for (ErrorCode code : ErrorCode.values()) {
            long answer = StageAnswer.refuse(code);
            assertThat(StageAnswer.isRefusal(answer)).isTrue();
            assertThat(StageAnswer.delayNanos(answer)).isZero();
            assertThat(StageAnswer.code(answer)).isEqualTo(code);
        }
    }

    @Test
    void whatIsNoRefusalHasNoCode() {
        for (long answer : new long[] {0, 1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> StageAnswer.code(answer))
                    .isInstanceOfSatisfying(
                            MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        }
    }
}
