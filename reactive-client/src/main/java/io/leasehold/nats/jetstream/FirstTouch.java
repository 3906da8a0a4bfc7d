package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.nio.charset.StandardCharsets;

/**
 * Begins the lease of a delivery anew before anybody sees it: it came long after its pull, and what is left of the
 * lease, counted from there, may be too little.
 */
final class FirstTouch extends Request {
    private static final byte[] WORKING = "+WPI".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final Delivered delivered;
    private final Arrivals.Place place;
    private long sentNanos;

    FirstTouch(PullPort port, Delivered delivered, Arrivals.Place place) {
        this.port = port;
        this.delivered = delivered;
        this.place = place;
    }

    @Override
    protected Subject subject() {
        return delivered.reply();
    }

    @Override
    protected byte[] body() {
        return WORKING;
    }

    @Override
    protected long limitNanos() {
        return port.requestNanos();
    }

    // Its lease must not have run out by the pull's own anchor: a touch would be that of a stranger then.
    @Override
    protected boolean tryWrite() {
        sentNanos = port.sureNanos();
        boolean held = port.loss() == null && port.isSurelyHeld(delivered, sentNanos);
        if (!held) {
            port.touchedFirst(place, false);
        }
        return held;
    }

    @Override
    protected void answered(MessageFrame answer) {
        if (port.isSurelyHeld(delivered, port.sureNanos())) {
            delivered.anchoredAt(sentNanos);
            port.touchedFirst(place, true);
        } else {
            port.touchedFirst(place, false);
        }
    }

    @Override
    protected void failed(MessagingException why) {
        port.touchedFirst(place, false);
    }

    @Override
    protected void refused(MessagingException why) {
        port.touchedFirst(place, false);
    }
}
