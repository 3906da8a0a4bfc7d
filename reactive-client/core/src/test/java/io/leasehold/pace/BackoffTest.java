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
        Backoff backoff =
                Backoff.builder().first(SECOND).max(MINUTE).factor(3).jitter(0).build();
        assertThat(IntStream.rangeClosed(1, 6).mapToLong(attempt -> seconds(backoff, attempt)))
                .containsExactly(1L, 3L, 9L, 27L, 60L, 60L);
    }

    @Test
    void theMillionthDelayIsTheLongest() {
        assertThat(seconds(
                        Backoff.builder()
                                .first(SECOND)
                                .max(MINUTE)
                                .factor(100)
                                .jitter(0)
                                .build(),
                        1_000_000))
                .isEqualTo(60);
        assertThat(seconds(
                        Backoff.builder()
                                .first(SECOND)
                                .max(MINUTE)
                                .factor(1)
                                .jitter(0)
                                .build(),
                        1_000_000))
                .isEqualTo(1);
    }

    @Test
    void jitterSpreadsADelayToBothSidesAndNeverBeyondTheLongest() {
        Backoff backoff =
                Backoff.builder().first(SECOND).max(MINUTE).jitter(0.25).build();

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

    @Test
    void theLongestDelayFollowsTheFirstOneUntilItIsSet() {
        Backoff doubling = Backoff.from(SECOND);
        Backoff bounded = doubling.mutate().max(MINUTE.dividedBy(2)).build();

        assertThat(doubling.mutate().first(MINUTE).build().max()).isEqualTo(MINUTE.multipliedBy(60));
        assertThat(bounded.mutate().first(SECOND.multipliedBy(2)).build().max()).isEqualTo(MINUTE.dividedBy(2));
        assertThat(Backoff.builder().max(MINUTE).first(SECOND).build())
                .isEqualTo(Backoff.builder().first(SECOND).max(MINUTE).build());
    }

    @TestFactory
    Stream<DynamicTest> boundsAreCheckedAndNamed() {
        Duration days = Duration.ofDays(2);
        return Stream.of(
                refused("backoff.first", () -> Backoff.builder().first(Duration.ofNanos(-1))),
                refused("backoff.first", () -> Backoff.from(days)),
                refused(
                        "backoff.max",
                        () -> Backoff.builder().first(MINUTE).max(SECOND).build()),
                refused("backoff.max", () -> Backoff.builder().max(days)),
                refused("backoff.factor", () -> Backoff.builder().factor(0.5)),
                refused("backoff.factor", () -> Backoff.builder().factor(Double.NaN)),
                refused("backoff.jitter", () -> Backoff.builder().jitter(-0.1)),
                refused("backoff.jitter", () -> Backoff.builder().jitter(1.1)),
                refused("retry.retries", () -> RetryPolicy.builder().retries(-1)),
                refused("retry.retries", () -> RetryPolicy.fixed(RetryPolicy.MAX_RETRIES + 1, SECOND)));
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
