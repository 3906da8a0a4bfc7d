package io.leasehold.consume;

/**
 * When a group that was deleted is asked for again: 100 ms later, and later each time up to half a minute, until
 * something was acked. In the dispatcher's line.
 */
final class Renewals {
    private static final long FIRST_NANOS = 100_000_000L;
    private static final long LAST_NANOS = 30_000_000_000L;

    private long next = FIRST_NANOS;

    /** How long to wait this time. */
    long nextNanos() {
        long now = next;
        next = Math.min(LAST_NANOS, 2 * next);
        return now;
    }

    /** The group works. */
    void succeeded() {
        next = FIRST_NANOS;
    }
}
