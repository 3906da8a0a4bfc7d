package io.leasehold.nats.connection;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of requests: a wheel whose elements are the requests, so that arming and unlinking cost the same
 * however many there are, and allocate nothing. Never early, up to one tick late. Not thread-safe.
 */
final class RequestWheel {
    /** How far apart deadlines are looked at: 50 ms. */
    static final long TICK_NANOS = 50_000_000;

    private static final int BUCKETS = 128;

    private final @Nullable Request[] heads = new @Nullable Request[BUCKETS];
    private long turned = Long.MIN_VALUE;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Takes a request whose deadline is set. */
    void add(Request request) {
        int bucket = bucket(tickAfter(request.deadline));
        Request head = heads[bucket];
        request.later = head;
        request.earlier = null;
        if (head != null) {
            head.earlier = request;
        }
        heads[bucket] = request;
        size++;
    }

    private static long tickAfter(long deadline) {
        return Math.floorDiv(deadline, TICK_NANOS) + 1;
    }

    private static int bucket(long tick) {
        return (int) Math.floorMod(tick, (long) BUCKETS);
    }

    /** Gives up a request that was added. */
    void remove(Request request) {
        Request before = request.earlier;
        Request after = request.later;
        if (before == null) {
            heads[bucket(tickAfter(request.deadline))] = after;
        } else {
            before.later = after;
        }
        if (after != null) {
            after.earlier = before;
        }
        request.earlier = null;
        request.later = null;
        size--;
    }

    /** Hands out those whose deadline has passed; they are still in the wheel and to be removed by the receiver. */
    void turn(long now, Consumer<Request> overdue) {
        long tick = Math.floorDiv(now, TICK_NANOS);
        long from = Math.max(turned + 1, tick - BUCKETS + 1);
        turned = tick;
        for (long each = from; each <= tick; each++) {
            look(heads[bucket(each)], now, overdue);
        }
    }

    private static void look(@Nullable Request head, long now, Consumer<Request> overdue) {
        Request request = head;
        while (request != null) {
            Request after = request.later;
            if (now - request.deadline >= 0) {
                overdue.accept(request);
            }
            request = after;
        }
    }
}
