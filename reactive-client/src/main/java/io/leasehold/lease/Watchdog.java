package io.leasehold.lease;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * Finds time that the monotonic clock missed, as it does while a machine is suspended: it compares the wall clock's
 * progress with the ticker's and moves the ticker forward by the surplus. One-sided: a wall clock that goes back, or
 * ahead by less than {@value #TOLERANCE_MILLIS} ms between two looks, changes nothing, and no lease is ever prolonged.
 */
final class Watchdog {
    /** How often it wants to look while leases are held, in nanoseconds. */
    static final long INTERVAL_NANOS = 100_000_000L;

    private static final long TOLERANCE_MILLIS = 500;

    private final Scheduler clock;
    private final Ticker ticker;
    private final LeaseReporter reporter;
    private long wallMillis;
    private long nanos;

    Watchdog(Scheduler clock, Ticker ticker, LeaseReporter reporter) {
        this.clock = clock;
        this.ticker = ticker;
        this.reporter = reporter;
        this.wallMillis = clock.now(TimeUnit.MILLISECONDS);
        this.nanos = ticker.nanos();
    }

    void look() {
        long wallNow = clock.now(TimeUnit.MILLISECONDS);
        long nanosNow = ticker.nanos();
        long missedMillis = (wallNow - wallMillis) - (nanosNow - nanos) / 1_000_000L;
        wallMillis = wallNow;
        nanos = nanosNow;
        if (missedMillis > TOLERANCE_MILLIS) {
            long missedNanos = missedMillis * 1_000_000L;
            ticker.addMissed(missedNanos);
            nanos += missedNanos;
            reporter.clockMissed(missedNanos);
        }
    }
}
