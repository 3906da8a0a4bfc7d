package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was granted to the broker and what came of it, as totals, so that nothing under way is counted twice; and
 * limits how much runs while everything fails. Confined to the dispatcher.
 */
final class Credit {
    // A group that was deleted is asked for again 100 ms later, and later each time up to half a minute, until
    // something was acked.
    private static final long FIRST_RENEWAL_NANOS = 100_000_000L;
    private static final long LAST_RENEWAL_NANOS = 30_000_000_000L;

    final FailureBrake brake = new FailureBrake();

    @Nullable
    DeliveryPort port;

    long received;
    int started;
    private long granted;
    private long renewalNanos = FIRST_RENEWAL_NANOS;
    private long pauseNanos = FIRST_RENEWAL_NANOS;
    private boolean rests;

    /**
     * Forgets the port until another one is opened, which counts anew; what was started still counts.
     *
     * @return how long to wait before that
     */
    long restart() {
        port = null;
        received = 0;
        granted = 0;

        long now = renewalNanos;
        renewalNanos = Math.min(LAST_RENEWAL_NANOS, 2 * now);
        return now;
    }

    /** Notes that something was acked; true when it ran slowly before, and does not any more. */
    boolean succeeded() {
        renewalNanos = FIRST_RENEWAL_NANOS;
        return brake.succeeded();
    }

    /** Notes that a delivery has arrived; true when it had no credit. */
    boolean arrived() {
        received++;
        return received > granted;
    }

    /**
     * Sees to it that so many deliveries may be under way. More credit is given in steps, less at once.
     *
     * @param step how much more is worth a message to the broker, unless nothing is under way
     */
    void want(DeliveryPort to, long wanted, int step) {
        long total = received + wanted;
        boolean idle = granted <= received;
        boolean more = total > granted && (idle || total - granted >= Math.max(1, step));
        if (!rests && (total < granted || more)) {
            to.credit(total);
            granted = total;
            pauseNanos = FIRST_RENEWAL_NANOS;
        }
    }

    /**
     * Notes that the port threw when it was given credit: none is given before {@link #rested}.
     *
     * @return how long to wait before that, longer each time until it does not throw
     */
    long threw() {
        rests = true;
        long now = pauseNanos;
        pauseNanos = Math.min(LAST_RENEWAL_NANOS, 2 * now);
        return now;
    }

    void rested() {
        rests = false;
    }
}
