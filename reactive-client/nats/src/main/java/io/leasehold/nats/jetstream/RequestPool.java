package io.leasehold.nats.jetstream;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps requests that have ended, to be used again. What does not fit is left to the garbage collector.
 *
 * @param <R> the requests
 */
final class RequestPool<R> {
    // As many as are under way in the window of a fast publisher.
    private static final int SIZE = 4_096;

    private final Supplier<R> maker;
    private final AtomicReferenceArray<@Nullable R> ring = new AtomicReferenceArray<>(SIZE);
    private int given;
    // Whoever loses a count to another thread finds an empty place, and makes a request of its own.
    private int taken;

    RequestPool(Supplier<R> maker) {
        this.maker = maker;
    }

    /** Returns one of them, or a new one. On any thread. */
    R take() {
        int place = taken++ & (SIZE - 1);
        R spare = ring.get(place) == null ? null : ring.getAndSet(place, null);
        return spare == null ? maker.get() : spare;
    }

    /** Puts one back, of which nothing more will be heard. On the connection's thread. */
    void give(R request) {
        int place = given++ & (SIZE - 1);
        if (ring.get(place) == null) {
            ring.lazySet(place, request);
        }
    }
}
