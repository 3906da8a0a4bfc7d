package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.Ticker;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.scheduler.Scheduler;

/**
 * Finds time that the monotonic clock missed, as it does while a machine is suspended: it compares the wall clock's
 * progress with the ticker's and moves the ticker forward by the surplus. One-sided: a wall clock that goes back, or
 * ahead by less than {@value #TOLERANCE_MILLIS} ms between two looks, changes nothing, and no lease is ever
 * prolonged. It looks before each sure reading of the ticker, and regularly while leases are held; on any thread.
 */
final class Watchdog {
    /** Is the longest time between two looks while leases are held, in nanoseconds. */
    static final long INTERVAL_NANOS = 100_000_000L;

    private static final long TOLERANCE_MILLIS = 500;

    private final Scheduler clock;
    private final Ticker ticker;
    private final LeaseReporter reporter;
    private final AtomicReference<Look> last;

    Watchdog(Scheduler clock, Ticker ticker, LeaseReporter reporter) {
        this.clock = clock;
        this.ticker = ticker;
        this.reporter = reporter;
        this.last = new AtomicReference<>(new Look(clock.now(TimeUnit.MILLISECONDS), ticker.nanos(), 0));
    }

    /** Compares the clocks; allocates nothing when the last look was a moment ago. */
    void look() {
        Look before = Objects.requireNonNull(last.get());
        // Whoever took it may not have come further yet: nobody goes on before the ticker shows it.
        ticker.missed(before.missedNanos);
        long wallMillis = clock.now(TimeUnit.MILLISECONDS);
        long passedMillis = wallMillis - before.wallMillis;
        if (passedMillis < 0 || passedMillis >= INTERVAL_NANOS / 1_000_000L) {
            compare(before, wallMillis, passedMillis);
        }
    }

    private void compare(Look before, long wallMillis, long passedMillis) {
        long nanos = ticker.nanos();
        long missedMillis = passedMillis - (nanos - before.nanos) / 1_000_000L;
        long missedNanos = missedMillis > TOLERANCE_MILLIS ? missedMillis * 1_000_000L : 0;
        Look look = new Look(wallMillis, nanos + missedNanos, before.missedNanos + missedNanos);

        boolean first = last.compareAndSet(before, look);
        // Who loses the race has looked at the same time as the winner.
        ticker.missed(Objects.requireNonNull(last.get()).missedNanos);
        if (first && missedNanos > 0) {
            reporter.clockMissed(missedNanos);
        }
    }

    /**
     * One comparison.
     *
     * @param wallMillis what the wall clock showed
     * @param nanos what the ticker showed, with what it had missed
     * @param missedNanos what the ticker had missed since the beginning
     */
    private record Look(long wallMillis, long nanos, long missedNanos) {}
}
