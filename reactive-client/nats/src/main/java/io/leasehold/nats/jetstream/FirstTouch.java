package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;

/**
 * Begins the lease of a delivery anew before anybody sees it: it came long after its pull, and what is left of the
 * lease, counted from there, may be too little.
 */
final class FirstTouch extends LeaseRequest {
    private final NatsHandout delivered;
    private final OrderedArrivals.Place place;
    private long sentNanos;

    FirstTouch(NatsHandout delivered, OrderedArrivals.Place place) {
        this.delivered = delivered;
        this.place = place;
    }

    @Override
    NatsHandout delivered() {
        return delivered;
    }

    @Override
    protected byte[] body() {
        return TouchRequest.WORKING;
    }

    // Its lease must not have run out by the pull's own anchor: a touch would be that of a stranger then.
    @Override
    boolean opens() {
        sentNanos = port().sureNanos();
        boolean held = port().isSurelyHeld(delivered, sentNanos);
        if (!held) {
            port().touchedFirst(place, false);
        }
        return held;
    }

    @Override
    void seen() {
        boolean held = port().isSurelyHeld(delivered, port().sureNanos());
        if (held) {
            delivered.anchoredAt(sentNanos);
        }
        port().touchedFirst(place, held);
    }

    @Override
    void over(LeaseLoss loss) {
        port().touchedFirst(place, false);
    }

    @Override
    protected void failed(MessagingException why) {
        port().touchedFirst(place, false);
    }

    @Override
    protected void refused(MessagingException why) {
        port().touchedFirst(place, false);
    }
}
