package io.leasehold.consume;

import io.leasehold.pace.Backoff;
import java.time.Duration;

/**
 * Slows a consumer down to one probe at a time when everything fails, and lets it go at the first success. Confined
 * to the dispatcher.
 *
 * <pre>
 *   OFF -- so many failures in a row --> PROBING (one run, then a growing pause) -- success --> OFF
 * </pre>
 */
final class FailureBrake {
    private static final int FAILURES_MIN = 16;
    private static final Backoff PAUSES = Backoff.builder()
            .first(Duration.ofMillis(500))
            .max(Duration.ofSeconds(30))
            .build();

    private int failures;
    private int pauses;
    private boolean on;
    private long pausedUntil = Long.MIN_VALUE;

    /** Notes a failure; true when this one switched the brake on. */
    boolean failed(int concurrency, long now, double random) {
        failures++;
        if (on) {
            pauses++;
            pausedUntil = now + PAUSES.delayNanos(pauses, random);
            return false;
        }

        on = failures >= Math.max(FAILURES_MIN, concurrency);
        if (on) {
            pauses = 1;
            pausedUntil = now + PAUSES.delayNanos(1, random);
        }

        return on;
    }

    /** Notes a success; true when this one switched the brake off. */
    boolean succeeded() {
        boolean was = on;
        failures = 0;
        pauses = 0;
        on = false;
        pausedUntil = Long.MIN_VALUE;
        return was;
    }

    boolean isOn() {
        return on;
    }

    /** Says how many runs may be under way. */
    int limit(int concurrency, long now) {
        if (!on) {
            return concurrency;
        }
        return now >= pausedUntil ? 1 : 0;
    }

    /** Says how long nothing starts, in nanoseconds; 0 when something may. */
    long pauseNanos(long now) {
        return on ? Math.max(0, pausedUntil - now) : 0;
    }
}
