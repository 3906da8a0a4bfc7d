package io.leasehold.simulation;

/** The clocks of a process, as functions of true time: they drift, and the monotonic one stands still in a sleep. */
final class SimClock {
    private static final long FAR_NANOS = 1_000_000_000_000L;
    private static final long WALL_NANOS = 1_790_000_000_000_000_000L;
    private static final long AGED_ERROR_NANOS = 2_000_000L;
    private static final int MILLION = 1_000_000;

    private final int driftPpm;
    private long offsetNanos;
    private long sleptNanos;

    /** Clocks that are {@code driftPpm} millionths too fast. */
    SimClock(int driftPpm, long offsetNanos) {
        this.driftPpm = driftPpm;
        this.offsetNanos = offsetNanos;
    }

    /** What the monotonic clock shows at an instant of true time. */
    long localAt(long trueNanos) {
        return offsetNanos + trueNanos + Math.floorDiv(trueNanos * driftPpm, MILLION);
    }

    /** The first instant of true time at which the monotonic clock shows a value. */
    long trueAt(long localNanos) {
        long shown = localNanos - offsetNanos;
        if (shown > FAR_NANOS) {
            return FAR_NANOS;
        }
        long guess = Math.floorDiv(shown * MILLION, MILLION + driftPpm) - 2;
        while (localAt(guess) < localNanos) {
            guess++;
        }
        return guess;
    }

    /** The instant of true time at which so much will have passed, counted from another one. */
    long trueAfter(long trueNanos, long localNanos) {
        return localNanos > FAR_NANOS ? FAR_NANOS : trueAt(localAt(trueNanos) + localNanos);
    }

    /** What the wall clock shows. */
    long wallAt(long trueNanos) {
        return WALL_NANOS + trueNanos + trueNanos / MILLION * driftPpm;
    }

    /** The monotonic clock stood still from one instant to another. */
    void slept(long fromTrueNanos, long toTrueNanos) {
        long missed = localAt(toTrueNanos) - localAt(fromTrueNanos);
        offsetNanos -= missed;
        sleptNanos += missed;
    }

    /** What the monotonic clock would show if it had never stood still. */
    long agedAt(long trueNanos) {
        return localAt(trueNanos) + sleptNanos;
    }

    /** How far off that somebody may be who knows of sleeps by a wall clock of milliseconds. */
    long agedErrorNanos() {
        return sleptNanos == 0 ? 0 : AGED_ERROR_NANOS;
    }
}
