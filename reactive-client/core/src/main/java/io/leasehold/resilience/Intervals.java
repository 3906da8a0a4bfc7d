package io.leasehold.resilience;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.RetryConfig;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.function.IntToLongFunction;

/** Reads the intervals of a function off and describes them by values. */
final class Intervals {
    private static final int SAMPLES = 400;
    private static final int FAR = 50;
    private static final double GRID = 20;

    private final IntToLongFunction millis;

    private Intervals(IntToLongFunction millis) {
        this.millis = millis;
    }

    static Intervals of(IntervalFunction function) {
        return new Intervals(function::apply);
    }

    static Intervals of(RetryConfig config) {
        return new Intervals(attempt ->
                config.getIntervalBiFunction().apply(attempt, Either.left(Failures.of(ErrorCode.HANDLER_FAILED))));
    }

    /** The least and the largest of many draws. */
    private record Range(double least, double most) {
        double middle() {
            return (least + most) / 2;
        }

        double jitter() {
            return most == 0 ? 0 : (most - least) / (most + least);
        }
    }

    RetryPolicy policy(int retries) {
        Range first = range(1);
        double jitter = onGrid(first.jitter());
        double factor = first.middle() == 0 ? 1 : Math.max(1, onGrid(range(2).middle() / first.middle()));
        long firstMillis = jitter == 0 ? Math.round(first.middle()) : toTwoDigits(first.middle());
        long most = Math.max(firstMillis, Math.round(range(FAR).middle()));
        Duration max = Duration.ofMillis(Math.min(most, Backoff.LIMIT.toMillis()));
        return RetryPolicy.builder()
                .retries(retries)
                .backoff(Backoff.builder()
                        .first(Duration.ofMillis(firstMillis))
                        .max(max)
                        .factor(factor)
                        .jitter(jitter)
                        .build())
                .build();
    }

    private Range range(int attempt) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double next = millis.applyAsLong(attempt);
            least = Math.min(least, next);
            most = Math.max(most, next);
        }
        return new Range(least, most);
    }

    // What was drawn at random differs a little each time; two that describe one function should be equal.
    private static long toTwoDigits(double value) {
        double step = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1));
        return (long) (Math.round(value / step) * step);
    }

    private static double onGrid(double value) {
        return Math.round(value * GRID) / GRID;
    }
}
