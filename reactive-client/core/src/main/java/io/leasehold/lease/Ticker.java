package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The client's own monotonic clock: the nanoseconds of a scheduler, so that virtual time works, plus what the
 * {@link Watchdog} found that the scheduler's clock had missed. Only differences mean anything.
 */
@BrokerApi
public final class Ticker {
    private final Scheduler scheduler;
    private final AtomicLong missedNanos = new AtomicLong();
    private volatile @Nullable Watchdog watchdog;

    /** A ticker that reads the given scheduler. */
    public Ticker(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The present instant in nanoseconds from an arbitrary origin; never goes back. */
    public long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS) + missedNanos.get();
    }

    /**
     * The same after a look at what was missed: a sleep that ended a moment ago counts, although no timer has run
     * since. What gates, answers and anchors read, where a keeper keeps leases by this clock.
     */
    public long sureNanos() {
        Watchdog watching = watchdog;
        if (watching != null) {
            watching.look();
        }
        return nanos();
    }

    /** Has each sure reading preceded by a look. */
    void watchedBy(Watchdog watching) {
        watchdog = watching;
    }

    /** Sees to it that so much is counted that passed while the clock stood still (a suspended machine). */
    void missed(long nanos) {
        if (missedNanos.get() < nanos) {
            missedNanos.accumulateAndGet(nanos, Math::max);
        }
    }
}
