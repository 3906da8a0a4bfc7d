package io.leasehold.nats.jetstream;

/**
 * Says how long a pull stays at the server, and how often the server says that it is there.
 *
 * @param expiresNanos for so long, 100 ms or more unless the consumer wants less
 * @param heartbeatNanos at least so often, at most half of it, as the server wants
 */
record PullTiming(long expiresNanos, long heartbeatNanos) {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long EXPIRES_MIN = 100 * MILLI;
    private static final long IDLE_MAX = 30 * SECOND;
    private static final long BUSY_MAX = 5 * SECOND;
    private static final long HEARTBEAT_MAX = 5 * SECOND;
    private static final int HEARTBEATS = 3;

    /** Returns the timing for when there is nothing to do. */
    static PullTiming idle(long leaseNanos) {
        return atLeast(Math.min(leaseNanos / 2, IDLE_MAX));
    }

    /** Returns the timing for when deliveries come. */
    static PullTiming busy(long leaseNanos) {
        return atLeast(Math.min(leaseNanos / 4, BUSY_MAX));
    }

    private static PullTiming atLeast(long wanted) {
        return of(Math.max(EXPIRES_MIN, wanted));
    }

    /** Returns the timing of a pull that stays for so long. */
    static PullTiming of(long expires) {
        return new PullTiming(expires, Math.min(expires / HEARTBEATS, HEARTBEAT_MAX));
    }

    /** Returns the silence after which the pull is gone, or the way to it, in nanoseconds. */
    long silenceNanos() {
        return 2 * heartbeatNanos + SECOND;
    }
}
