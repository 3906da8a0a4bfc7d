package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import org.jspecify.annotations.Nullable;

/** What was granted to the broker and what came of it, as totals, so that nothing under way is counted twice. */
final class Credit {
    @Nullable
    DeliveryPort port;

    long received;
    int started;
    private long granted;

    /** There is no port until another one is opened, which counts anew; what was started still counts. */
    void restart() {
        port = null;
        received = 0;
        granted = 0;
    }

    /** A delivery has arrived; true when it had no credit. */
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
        if (total < granted || more) {
            granted = total;
            to.credit(total);
        }
    }
}
