package io.leasehold.publish;

import io.leasehold.pace.DrainLoop;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * Asks the source of {@link FluxPublishAll} for messages: never for more than was asked of the Flux, never for more
 * than a limit on the way, and after the first few for about as many as fit into the window by their weight. Asks at
 * once for what was asked for, and in quarters of the limit when only that holds it back.
 */
final class Demand {
    private static final AtomicLongFieldUpdater<Demand> WANTED =
            AtomicLongFieldUpdater.newUpdater(Demand.class, "wanted");

    /** So many are asked for before anything is known of their weight, and looked at before it is known again. */
    private static final int FIRST = 16;

    private final int limit;
    private final int limitBytes;
    private final Subscription source;
    private volatile int fitting;
    private volatile long wanted;
    private volatile long done;
    private final DrainLoop asking = new DrainLoop();
    private final Runnable ask = this::askOnce;
    private long asked;
    private long came;
    private long meanBytes;

    Demand(Subscription source, int limit, int limitBytes) {
        this.source = source;
        this.limit = limit;
        this.limitBytes = limitBytes;
        this.fitting = Math.min(FIRST, limit);
    }

    /** Makes the error of a subscriber that broke rule 3.9. */
    static IllegalArgumentException bad(long n) {
        return new IllegalArgumentException("request(" + n + "): must be positive (Reactive Streams 3.9)");
    }

    /** Counts results that the subscriber asked for. On any thread. */
    void add(long n) {
        Operators.addCap(WANTED, this, n);
        ask();
    }

    /** Counts a message that came, by the bytes of its body. One thread at a time. */
    void came(long bytes) {
        meanBytes = came == 0 ? bytes : meanBytes + (bytes - meanBytes) / FIRST;
        if (++came % FIRST == 0) {
            fitting = (int) Math.max(1, Math.min(limit, limitBytes / Math.max(1, meanBytes)));
            ask();
        }
    }

    /** Counts results that the subscriber was given. One thread at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void give(long n) {
        done += n;
        ask();
    }

    private void ask() {
        asking.enterAndDrain(ask);
    }

    private void askOnce() {
        long open = wanted - asked;
        int fit = fitting;
        long room = fit - (asked - done);
        long n = Math.min(open, room);
        if (n > 0 && (n == open || room >= Math.max(1, fit / 4))) {
            asked += n;
            source.request(n);
        }
    }
}
