package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import java.time.Duration;

/** Says how the broker treats what comes with an old receipt, and what a restart does to leases. */
public enum EmbeddedMode {
    /**
     * Lets only the present holder settle and touch; anybody else is refused and told why. A holder is told when its
     * lease runs out. A restart cuts nothing off a lease.
     */
    FENCED,
    /**
     * Behaves as nats-server does: whatever names the right message settles or touches it, whoever holds it, and is
     * confirmed, also when it changes nothing. Nobody is told that a lease ran out; a touch does not rescue what has
     * run out, while an ack still counts. A restart cuts the fraction of a second off each lease at which it was
     * granted.
     */
    NATS_LIKE;

    /** Returns what a broker of this mode can do, but for its duplicate window. */
    public Capabilities capabilities() {
        return switch (this) {
            case FENCED -> Capabilities.fenced();
            case NATS_LIKE -> Capabilities.unfenced(Duration.ofSeconds(1));
        };
    }
}
