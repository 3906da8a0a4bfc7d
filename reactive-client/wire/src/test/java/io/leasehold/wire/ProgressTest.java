package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much may be under way follows what the line has shown to take in a second. */
class ProgressTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    private final Progress progress = new Progress();

    /** Fills the window over a line of so many bytes a second, and hears of it; how much was under way. */
    private long fill(long bytesPerSecond, long idleNanos) {
        long before = progress.written();
        while (progress.hasRoom(0)) {
            progress.writes(16 * 1_024);
        }
        long bytes = progress.written() - before;
        progress.leaves(bytes);
        progress.proves(progress.written(), bytes, idleNanos + bytes * SECOND / bytesPerSecond);
        return bytes;
    }

    @Test
    void itBeginsSmall() {
        progress.writes(Progress.WINDOW_MIN);
        assertThat(progress.hasRoom(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 128 * 1_024, 1_000_000, 20_000_000})
    void itBecomesWhatTheLineTakesInASecondAndStaysThere(long bytesPerSecond) {
        progress.proves(0, 0, MILLI);
        for (int i = 0; i < 50; i++) {
            fill(bytesPerSecond, MILLI);
        }
        long wanted = Math.max(Progress.WINDOW_MIN, bytesPerSecond);

        assertThat(fill(bytesPerSecond, MILLI)).isBetween(wanted * 9 / 10, wanted * 11 / 10 + 32_000);
    }

    @Test
    void aFastLineIsNotHeldBackForLong() {
        progress.proves(0, 0, MILLI);
        int rounds = 0;
        while (fill(1_000_000_000, MILLI) < 8 << 20) {
            assertThat(++rounds).isLessThan(6);
        }
    }

    @Test
    void neitherIsOneThatIsLongAndFast() {
        progress.proves(0, 0, 300 * MILLI);
        int rounds = 0;
        while (fill(100_000_000, 300 * MILLI) < 16 << 20) {
            assertThat(++rounds).isLessThan(10);
        }
    }

    @Test
    void itBecomesSmallerWhenTheLineBecomesSlow() {
        progress.proves(0, 0, MILLI);
        for (int i = 0; i < 20; i++) {
            fill(100_000_000, MILLI);
        }
        fill(1_000_000, MILLI);

        assertThat(fill(1_000_000, MILLI)).isLessThan(2_000_000);
    }

    @Test
    void aPingStandsAtEachQuarterOfIt() {
        assertThat(progress.isMarkDue(Progress.WINDOW_MIN / 4 - 1)).isFalse();
        assertThat(progress.isMarkDue(Progress.WINDOW_MIN / 4)).isTrue();
        progress.writes(Progress.WINDOW_MIN / 4);
        progress.marks(progress.written());

        assertThat(progress.isMarkDue(1)).isFalse();
    }
}
