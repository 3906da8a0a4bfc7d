package io.leasehold.lease;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import reactor.core.Disposable;

/** What a lease remembers for those who look at it: when work began, and how often it was touched. */
abstract class ReportedLease extends LeaseClock {
    private static final AtomicIntegerFieldUpdater<ReportedLease> TOUCHES =
            AtomicIntegerFieldUpdater.newUpdater(ReportedLease.class, "touches");

    private static final long PATIENCE_NANOS_MIN = 60_000_000_000L;

    final LeaseKeeper keeper;
    private volatile long startedNanos = NEVER;
    private volatile int touches;

    ReportedLease(LeaseKeeper keeper, LeaseTerms terms, long anchor) {
        super(terms, anchor);
        this.keeper = keeper;
    }

    /** When work was first started, in ticker nanoseconds; {@link Long#MAX_VALUE} while it was not. */
    public final long startedNanos() {
        return startedNanos;
    }

    /** Whether work was started. */
    public final boolean hasStarted() {
        return startedNanos != NEVER;
    }

    /** How many touches were sent. */
    public final int touches() {
        return touches;
    }

    /** Work starts; the first time counts. */
    final void begin(long now) {
        if (startedNanos == NEVER) {
            startedNanos = now;
        }
    }

    /** A touch is sent. */
    final void countTouch() {
        TOUCHES.incrementAndGet(this);
    }

    final void reportFault(Throwable error) {
        keeper.reporter().fault(error);
    }

    /** Has something done on the cancel executor when nobody waits any longer, unless it is disposed of before. */
    final Disposable afterPatience(Runnable step) {
        long due = now() + Math.max(PATIENCE_NANOS_MIN, 2 * terms().leaseNanos());
        return keeper.at(due).subscribe(told -> {}, failed -> {}, () -> {
            // Not when the keeper has stopped: with a client that is closed nobody waits for anything.
            if (now() - due >= 0) {
                keeper.cancels().execute(step);
            }
        });
    }

    final long now() {
        return keeper.ticker().sureNanos();
    }
}
