package io.leasehold.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a broker says of itself is taken step by step, and refused where nothing true could be meant. */
class CapabilitiesTest {
    private static void assertRefused(ThrowingCallable said) {
        assertThatThrownBy(said)
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }

    @Test
    void aStepChangesNothingElse() {
        Capabilities plain = Capabilities.silentlyFenced().crashAllowance(Duration.ofSeconds(3));

        Capabilities changed = plain.withoutNakDelay().withLeasesOfTheConnection();

        assertThat(changed.fencing()).isEqualTo(Capabilities.Fencing.SILENT);
        assertThat(changed.crashAllowance()).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.delaysNaks()).isFalse();
        assertThat(plain.delaysNaks()).isTrue();
        assertThat(changed)
                .isNotEqualTo(plain)
                .isEqualTo(plain.withLeasesOfTheConnection().withoutNakDelay());
    }

    @Test
    void aNegativeAllowanceIsRefused() {
        assertRefused(() -> Capabilities.unfenced(Duration.ofNanos(-1)));
        assertRefused(() -> Capabilities.fenced().crashAllowance(Duration.ofNanos(-1)));
    }

    @Test
    void aNegativeDuplicateWindowIsRefused() {
        assertRefused(() -> Capabilities.fenced().duplicateWindow(Duration.ofNanos(-1)));
    }

    @Test
    void aBrokerThatNeitherChecksReceiptsNorAnswersIsRefused() {
        assertRefused(() -> Capabilities.unfenced(Duration.ZERO).answeringErrorsOnly());
    }
}
