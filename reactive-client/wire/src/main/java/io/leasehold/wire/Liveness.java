package io.leasehold.wire;

import io.leasehold.error.MessagingException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Whether the other end is there: it is asked every now and then, and must answer within its time. What it says
 * meanwhile proves nothing, since a network may lose what goes one way only; but an answer that stands behind much else
 * is waited for. Its time begins when the question has left this process, and what lies before it on the line is given
 * the time that it takes. A half-open connection shows in no other way. Belongs to the connection's own thread.
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
    private final Progress progress;
    private final Deque<Ping> pings = new ArrayDeque<>();
    private long heardAt;
    private long nextAt;
    private long bytes;
    private boolean suspected;
    private int unsent;

    /** One question: where it stands among the bytes, how many before it were not proven, and when it left. */
    private static final class Ping {
        private static final long NOT_YET = Long.MIN_VALUE;

        private final long sentAt;
        private final long position;
        private final long before;
        private final Sinks.@Nullable Empty<Void> waiter;
        private long leftAt = NOT_YET;

        Ping(long sentAt, long position, long before, Sinks.@Nullable Empty<Void> waiter) {
            this.sentAt = sentAt;
            this.position = position;
            this.before = before;
            this.waiter = waiter;
        }

        boolean hasLeft() {
            return leftAt != NOT_YET;
        }
    }

    Liveness(Timeouts timeouts, RoundTrip roundTrip, Progress progress) {
        this.progress = progress;
        this.everyNanos = timeouts.pingEvery().toNanos();
        this.withinNanos = timeouts.pongTimeout().toNanos();
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

    /**
     * A ping is being written.
     *
     * @param position where it ends among the bytes of the link
     */
    void asked(long now, long position, Sinks.@Nullable Empty<Void> waiter) {
        bytes = pings.isEmpty() ? 0 : bytes;
        pings.add(new Ping(now, position, position - progress.proven(), waiter));
        unsent++;
        progress.marks(position);
        nextAt = now + everyNanos;
    }

    /** Something has left. */
    void left(long now) {
        if (unsent == 0) {
            return;
        }

        int skipped = pings.size() - unsent;
        for (Ping ping : pings) {
            if (skipped-- > 0) {
                continue;
            }
            if (ping.position > progress.left()) {
                return;
            }
            ping.leftAt = now;
            unsent--;
        }
    }

    /** A pong came; one that nobody asked for is ignored. */
    void answered(long now) {
        Ping ping = pings.poll();
        if (ping == null) {
            return;
        }

        if (!ping.hasLeft()) {
            unsent--;
        }
        roundTrip.add(now - ping.sentAt);
        progress.proves(ping.position, ping.before, now - ping.sentAt);
        if (ping.waiter != null) {
            ping.waiter.tryEmitEmpty();
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
        boolean overdue = isOut() && now - dueAt() >= 0;
        boolean dead = overdue && suspected;
        suspected = overdue;
        return dead;
    }

    // What has not left this process is for whoever watches that it does.
    private boolean isOut() {
        Ping oldest = pings.peek();
        return oldest != null && oldest.hasLeft();
    }

    private long dueAt() {
        Ping oldest = pings.getFirst();
        long silent = Math.max(oldest.leftAt, heardAt) + withinNanos;
        long most = oldest.leftAt + PATIENCE * withinNanos;
        return Math.min(silent, most) + progress.allowanceNanos(oldest.position);
    }

    /** When to look again. */
    long nextLook(long now) {
        if (suspected) {
            return now + withinNanos / 4;
        }
        if (pings.isEmpty()) {
            return nextAt;
        }
        return isOut() ? dueAt() : now + withinNanos;
    }

    /** Ends those that wait for a pong. */
    void end(MessagingException why) {
        for (Ping ping = pings.poll(); ping != null; ping = pings.poll()) {
            if (ping.waiter != null) {
                ping.waiter.tryEmitError(why);
            }
        }
    }
}
