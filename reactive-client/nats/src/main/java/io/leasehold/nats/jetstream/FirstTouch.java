package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;

/**
 * Begins the lease of a delivery anew before anybody sees it: it came long after its pull, and what is left of the
 * lease, counted from there, may be too little.
 */
final class FirstTouch extends LeaseRequest {
    private final OrderedArrivals.Place place;
    private long sentNanos;

    FirstTouch(PullPort port, NatsHandout handout, OrderedArrivals.Place place) {
        isAbout(port, handout);
        this.place = place;
    }

    @Override
    protected byte[] body() {
        return TouchRequest.WORKING;
    }

    // Its lease must not have run out by the pull's own anchor: a touch would be that of a stranger then.
    @Override
    boolean opens() {
        sentNanos = port().sureNanos();
        boolean held = port().isSurelyHeld(handout(), sentNanos);
        if (!held) {
            port().touchedFirst(place, false);
        }
        return held;
    }

    @Override
    void seen() {
        boolean held = port().isSurelyHeld(handout(), port().sureNanos());
        if (held) {
            handout().anchoredAt(sentNanos);
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
