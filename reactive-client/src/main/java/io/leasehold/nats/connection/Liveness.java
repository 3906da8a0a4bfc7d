package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Whether the other end is there: it is asked every now and then, and must answer within its time. What it says
 * meanwhile proves nothing, since a network may lose what goes one way only; but an answer that stands behind much else
 * is waited for. A half-open connection shows in no other way. Belongs to the connection's own thread.
 */
final class Liveness {
    /** A server that says much but never answers is given so many times as long. */
    private static final int PATIENCE = 4;

    /** So much has to come for an answer to be late because of it: less takes no time. */
    static final int MUCH_BYTES = 64 * 1_024;

    static final int PINGS_MAX = 4_096;

    private final long everyNanos;
    private final long withinNanos;
    private final RoundTrip roundTrip;
    private final Deque<Ping> pings = new ArrayDeque<>();
    private long heardAt;
    private long nextAt;
    private long bytes;
    private boolean suspected;

    private record Ping(long sentAt, Sinks.@Nullable Empty<Void> waiter) {}

    Liveness(ConnectionSettings.Rhythm rhythm, RoundTrip roundTrip) {
        this.everyNanos = rhythm.pingEvery().toNanos();
        this.withinNanos = rhythm.pongWithin().toNanos();
        this.roundTrip = roundTrip;
    }

    void begin(long now) {
        heardAt = now;
        nextAt = now + everyNanos;
    }

    /** So many bytes came; true when they are much, together with others. */
    boolean isMuch(int more) {
        bytes += more;
        return bytes >= MUCH_BYTES;
    }

    /** Much came. */
    void heard(long now) {
        bytes = 0;
        heardAt = now;
        suspected = false;
    }

    boolean isFull() {
        return pings.size() >= PINGS_MAX;
    }

    /** A ping is being written. */
    void asked(long now, Sinks.@Nullable Empty<Void> waiter) {
        bytes = pings.isEmpty() ? 0 : bytes;
        pings.add(new Ping(now, waiter));
        nextAt = now + everyNanos;
    }

    /** A pong came; one that nobody asked for is ignored. */
    void answered(long now) {
        Ping ping = pings.poll();
        if (ping != null) {
            roundTrip.add(now - ping.sentAt());
            if (ping.waiter() != null) {
                ping.waiter().tryEmitEmpty();
            }
        }
    }

    boolean isPingDue(long now) {
        return pings.isEmpty() && now - nextAt >= 0;
    }

    /**
     * Whether nothing came although it should have. The first time it is only a suspicion: when we ourselves were
     * frozen, what had come in time is read a moment later.
     */
    boolean isDead(long now) {
        boolean overdue = !pings.isEmpty() && now - dueAt() >= 0;
        boolean dead = overdue && suspected;
        suspected = overdue;
        return dead;
    }

    private long dueAt() {
        long sentAt = pings.getFirst().sentAt();
        long silent = Math.max(sentAt, heardAt) + withinNanos;
        return Math.min(silent, sentAt + PATIENCE * withinNanos);
    }

    /** When to look again. */
    long nextLook(long now) {
        if (suspected) {
            return now + withinNanos / 4;
        }
        return pings.isEmpty() ? nextAt : dueAt();
    }

    /** Ends those that wait for a pong. */
    void end(MessagingException why) {
        for (Ping ping = pings.poll(); ping != null; ping = pings.poll()) {
            if (ping.waiter() != null) {
                ping.waiter().tryEmitError(why);
            }
        }
    }
}
