package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.util.List;

/** A touch on its way through the network. */
final class TouchAsk extends Ask {
    private final TouchItem item;

    TouchAsk(SimPort port, TouchItem item) {
        super(port, (SimGrant) item.receipt());
        this.item = item;
    }

    // A touch that got no answer is not repeated: the next one is due soon, and counts from its own sending.
    @Override
    boolean repeats() {
        return false;
    }

    @Override
    boolean isOverWhenWritten() {
        return false;
    }

    @Override
    boolean tryWrite() {
        if (!item.tryWrite()) {
            return false;
        }
        port.session().broker().wire().touches(grant);
        return true;
    }

    @Override
    void afterWrite() {}

    @Override
    void connectionLost() {
        item.refused(LeaseLoss.CONNECTION_LOST);
    }

    @Override
    Parcel request(SimConnection connection) {
        return new Request(this, connection);
    }

    /** The touch as it reaches the broker. */
    private record Request(TouchAsk ask, SimConnection connection) implements Parcel, TouchItem {
        @Override
        public void arrive() {
            ask.port.session().server().port(ask.port).core().touch(List.of(this));
        }

        @Override
        public String what() {
            return "touch of " + ask.grant;
        }

        @Override
        public Object receipt() {
            return ask.grant.core.receipt();
        }

        @Override
        public boolean tryWrite() {
            return true;
        }

        @Override
        public void confirmed(long leaseNanos) {
            ask.port.session().server().ledger().touched(ask.grant, leaseNanos);
            ask.answer(connection, "touch answer", () -> ask.item.confirmed(leaseNanos));
        }

        @Override
        public void refused(LeaseLoss loss) {
            if (ask.hides(loss)) {
                ask.answer(connection, "touch answer", () -> ask.item.confirmed(0));
                return;
            }
            ask.answer(connection, "touch refusal", () -> ask.item.refused(loss));
        }
    }
}
