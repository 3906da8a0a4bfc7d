package io.leasehold.lease;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.scheduler.Scheduler;

/**
 * The client's own monotonic clock: the nanoseconds of a scheduler, so that virtual time works, plus what the
 * {@link Watchdog} found that the scheduler's clock had missed. Only differences mean anything.
 */
public final class Ticker {
    private final Scheduler scheduler;
    private final AtomicLong missedNanos = new AtomicLong();

    /** A ticker that reads the given scheduler. */
    public Ticker(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The present instant in nanoseconds from an arbitrary origin; never goes back. */
    public long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS) + missedNanos.get();
    }

    /** Sees to it that so much is counted that passed while the clock stood still (a suspended machine). */
    void missed(long nanos) {
        if (missedNanos.get() < nanos) {
            missedNanos.accumulateAndGet(nanos, Math::max);
        }
    }
}
