package io.leasehold.publish;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * What {@link PublishAll} asks of its source: never more than was asked of it, never more than a limit on the way.
 * Asks at once for what was asked for, and in quarters of the limit when only that holds it back.
 */
final class Demand {
    private static final AtomicLongFieldUpdater<Demand> WANTED =
            AtomicLongFieldUpdater.newUpdater(Demand.class, "wanted");
    private static final AtomicIntegerFieldUpdater<Demand> WORK =
            AtomicIntegerFieldUpdater.newUpdater(Demand.class, "work");

    private final long limit;
    private final long batch;
    private final Subscription source;
    private volatile long wanted;
    private volatile long done;
    // Read and written through its updater only.
    @SuppressWarnings("UnusedVariable")
    private volatile int work;

    private long asked;

    Demand(Subscription source, int limit) {
        this.source = source;
        this.limit = limit;
        this.batch = Math.max(1, limit / 4);
    }

    /** The subscriber broke rule 3.9. */
    static IllegalArgumentException bad(long n) {
        return new IllegalArgumentException("request(" + n + "): must be positive (Reactive Streams 3.9)");
    }

    /** The subscriber asked for results. On any thread. */
    void add(long n) {
        Operators.addCap(WANTED, this, n);
        ask();
    }

    /** The subscriber was given results. One thread at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void give(long n) {
        done += n;
        ask();
    }

    private void ask() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            askOnce();
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void askOnce() {
        long open = wanted - asked;
        long room = limit - (asked - done);
        long n = Math.min(open, room);
        if (n > 0 && (n == open || room >= batch)) {
            asked += n;
            source.request(n);
        }
    }
}
