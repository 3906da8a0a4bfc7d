package io.leasehold.nats.jetstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The deliveries of a port that are not settled yet, and whose lease the server may cut behind our back. Servers (2.9
 * to 2.15) keep as the time of a delivery that was never touched the time at which its message was stored: with a
 * restart, or another leader of the consumer, the lease of an old message is over at once. So what is not settled
 * within {@value #SOON_NANOS} ns, or before {@value #FRESH_MAX} others have come, is touched without delay, and
 * everything when such a change is seen. On the connection's thread.
 *
 * <pre>
 *   came ──► fresh ── not settled soon: touched ──► lasting ── settled, or out of time ──► forgotten
 * </pre>
 */
final class Held {
    private static final long SOON_NANOS = 100_000_000L;
    private static final int FRESH_MAX = 1_024;

    private final PullPort port;
    private final Strand strand;
    private final Deque<Delivered> fresh = new ArrayDeque<>();
    private final Map<Long, Delivered> lasting = new LinkedHashMap<>();
    private boolean looking;

    Held(PullPort port, Strand strand) {
        this.port = port;
        this.strand = strand;
    }

    /** A delivery came. */
    void came(Delivered delivered, long now) {
        delivered.touchedAt(now);
        fresh.add(delivered);
        if (fresh.size() > FRESH_MAX) {
            last(fresh.remove());
        }
        if (!looking) {
            looking = true;
            strand.later(SOON_NANOS, this::look);
        }
    }

    /** It was settled, or its lease is known to have ended. */
    void over(Delivered delivered) {
        delivered.end();
        lasting.remove(delivered.sequence(), delivered);
    }

    /** The lease of a message has ended, if it is that of an earlier delivery than the one of that number. */
    void over(long message, long newer) {
        Delivered ours = lasting.get(message);
        if (ours != null && ours.delivery() < newer) {
            over(ours);
        }
    }

    private void look() {
        long now = strand.sureNanos();
        for (Delivered first = fresh.peek();
                first != null && now - first.touchedNanos() >= SOON_NANOS;
                first = fresh.peek()) {
            last(fresh.remove());
        }
        looking = !fresh.isEmpty() && port.loss() == null;
        if (looking) {
            strand.later(SOON_NANOS / 2, this::look);
        }
    }

    private void last(Delivered delivered) {
        if (!delivered.isOver()) {
            lasting.put(delivered.sequence(), delivered);
            touch(delivered);
        }
    }

    /** Another server, or the same one after a restart, keeps the leases from here on. */
    void touchAll() {
        forget();
        fresh.stream().filter(delivered -> !delivered.isOver()).forEach(this::touch);
        lasting.values().forEach(this::touch);
    }

    /** Forgets what was not touched for half its time: whoever works under a lease touches it earlier. */
    void forget() {
        long before = strand.sureNanos() - port.leaseNanos() / 2;
        lasting.values().removeIf(delivered -> delivered.touchedNanos() - before < 0);
    }

    private void touch(Delivered delivered) {
        strand.connection().write(new Claim(port, delivered, strand.holder()));
    }
}
