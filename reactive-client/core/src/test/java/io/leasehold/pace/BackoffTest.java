package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Delays grow up to a limit, and those of many do not come together. */
class BackoffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final double MIDDLE = 0.5;

    private static long seconds(Backoff backoff, int attempt) {
        return backoff.delayNanos(attempt, MIDDLE) / SECOND.toNanos();
    }

    @Test
    void eachDelayIsTheOneBeforeTimesTheFactorUpToTheLongest() {
        Backoff backoff = new Backoff(SECOND, MINUTE, 3, 0);
        assertThat(IntStream.rangeClosed(1, 6).mapToLong(attempt -> seconds(backoff, attempt)))
                .containsExactly(1L, 3L, 9L, 27L, 60L, 60L);
    }

    @Test
    void theMillionthDelayIsTheLongest() {
        assertThat(seconds(new Backoff(SECOND, MINUTE, 100, 0), 1_000_000)).isEqualTo(60);
        assertThat(seconds(new Backoff(SECOND, MINUTE, 1, 0), 1_000_000)).isEqualTo(1);
    }

    @Test
    void jitterSpreadsADelayToBothSidesAndNeverBeyondTheLongest() {
        Backoff backoff = new Backoff(SECOND, MINUTE, 2, 0.25);

        assertThat(backoff.delayNanos(1, 0)).isEqualTo(750_000_000);
        assertThat(backoff.delayNanos(1, MIDDLE)).isEqualTo(1_000_000_000);
        assertThat(backoff.delayNanos(1, Math.nextDown(1.0))).isBetween(1_249_000_000L, 1_250_000_000L);
        assertThat(backoff.delayNanos(50, 0)).isEqualTo(MINUTE.toNanos() / 4 * 3);
        assertThat(backoff.delayNanos(50, Math.nextDown(1.0))).isEqualTo(MINUTE.toNanos());
    }

    @Test
    void manyThatFailTogetherComeBackApart() {
        long seed = Long.getLong("test.seed", 5);
        Random random = new Random(seed);
        Backoff backoff = Backoff.from(SECOND);
        long[] tenths = LongStream.generate(() -> backoff.delayNanos(1, random.nextDouble()) / 100_000_000)
                .limit(1000)
                .toArray();

        assertThat(LongStream.of(tenths).distinct()).as("seed %d", seed).containsExactlyInAnyOrder(8L, 9L, 10L, 11L);
    }

    @Test
    void theDefaultsDoubleToSixtyTimesAndToAMinuteAtLeast() {
        assertThat(Backoff.from(Duration.ofMillis(10)).max()).isEqualTo(MINUTE);
        assertThat(Backoff.from(Duration.ofSeconds(10)).max()).isEqualTo(Duration.ofMinutes(10));
        assertThat(Backoff.from(Duration.ofHours(10)).max()).isEqualTo(Backoff.LIMIT);
        assertThat(seconds(Backoff.from(SECOND), 3)).isEqualTo(4);
        assertThat(seconds(Backoff.fixed(MINUTE), 7)).isEqualTo(60);
        assertThat(Backoff.fixed(MINUTE).maxNanos()).isEqualTo(MINUTE.toNanos());
    }

    @TestFactory
    Stream<DynamicTest> boundsAreCheckedAndNamed() {
        return Stream.of(
                refused("backoff.first", () -> new Backoff(Duration.ofNanos(-1), SECOND, 2, 0)),
                refused("backoff.first", () -> new Backoff(MINUTE, SECOND, 2, 0)),
                refused("backoff.max", () -> new Backoff(SECOND, Duration.ofDays(2), 2, 0)),
                refused("backoff.factor", () -> new Backoff(SECOND, MINUTE, 0.5, 0)),
                refused("backoff.factor", () -> new Backoff(SECOND, MINUTE, Double.NaN, 0)),
                refused("backoff.jitter", () -> new Backoff(SECOND, MINUTE, 2, -0.1)),
                refused("backoff.jitter", () -> new Backoff(SECOND, MINUTE, 2, 1.1)),
                refused("retries", () -> new RetryPolicy(-1, Backoff.fixed(SECOND))),
                refused("retries", () -> new RetryPolicy(RetryPolicy.MAX_RETRIES + 1, Backoff.fixed(SECOND))));
    }

    private static DynamicTest refused(String setting, Callable<?> made) {
        return DynamicTest.dynamicTest(
                setting,
                () -> assertThatThrownBy(made::call)
                        .isInstanceOfSatisfying(
                                MessagingException.class,
                                error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING))
                        .hasMessageContaining(setting));
    }
}
