package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import io.leasehold.api.Internal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the client's own monotonic clock: the nanoseconds of a scheduler, so that virtual time works, plus what a
 * watchdog found that the scheduler's clock had missed. Only differences mean anything.
 */
@BrokerApi
public final class Ticker {
    private final Scheduler scheduler;
    private final AtomicLong missedNanos = new AtomicLong();
    private volatile @Nullable Runnable watchdog;

    /** Makes a ticker that reads the given scheduler. */
    public Ticker(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Gives the present instant in nanoseconds from an arbitrary origin; never goes back. */
    public long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS) + missedNanos.get();
    }

    /**
     * Gives the same after a look at what was missed: a sleep that ended a moment ago counts, although no timer has run
     * since. Gates, answers and anchors read this, where a keeper keeps leases by this clock.
     */
    public long sureNanos() {
        Runnable watching = watchdog;
        if (watching != null) {
            watching.run();
        }
        return nanos();
    }

    /** Has each sure reading preceded by a look at what was missed, which tells {@link #missed}. */
    @Internal
    public void watchedBy(Runnable look) {
        watchdog = look;
    }

    /** Sees to it that so much is counted that passed while the clock stood still (a suspended machine). */
    @Internal
    public void missed(long nanos) {
        if (missedNanos.get() < nanos) {
            missedNanos.accumulateAndGet(nanos, Math::max);
        }
    }
}
