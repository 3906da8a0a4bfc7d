package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A settlement on its way through the network. */
final class SettleAsk extends Ask {
    private final SettleItem item;
    private final SettleVerb verb;
    private final long delayNanos;
    private final boolean release;

    SettleAsk(SimPort port, SettleItem item) {
        super(port, (SimGrant) item.receipt());
        this.item = item;
        this.verb = item.verb();
        this.delayNanos = item.delayNanos();
        this.release = item.isRelease();
    }

    @Override
    boolean repeats() {
        return true;
    }

    @Override
    boolean isOverWhenWritten() {
        return !port.session().capabilities().answersAll();
    }

    @Override
    boolean tryWrite() {
        if (!item.tryWrite()) {
            return false;
        }
        port.session().broker().wire().settles(grant, item);
        return true;
    }

    @Override
    void afterWrite() {
        item.written();
    }

    @Override
    void connectionLost() {
        item.refused(LeaseLoss.CONNECTION_LOST);
    }

    @Override
    Parcel request(SimConnection connection) {
        return new Request(this, connection);
    }

    /** The settlement as it reaches the broker. */
    private record Request(SettleAsk ask, SimConnection connection) implements Parcel, SettleItem {
        @Override
        public void arrive() {
            ask.port.session().server().port(ask.port).core().settle(List.of(this));
        }

        // Exclusion on a broker that does not check tokens rests on these two, see P1's assumptions.
        @Override
        public long flightNanosMax() {
            return isDangerous() ? ask.grant.core.leaseTime().nanos() / 4 : Long.MAX_VALUE;
        }

        @Override
        public boolean mayComeTwice() {
            return !isDangerous();
        }

        private boolean isDangerous() {
            return ask.verb == SettleVerb.NAK
                    && !ask.port.session().capabilities().isFenced();
        }

        @Override
        public String what() {
            return ask.verb + " of " + ask.grant;
        }

        @Override
        public Object receipt() {
            return ask.grant.core.receipt();
        }

        @Override
        public SettleVerb verb() {
            return ask.verb;
        }

        @Override
        public long delayNanos() {
            return ask.delayNanos;
        }

        @Override
        public @Nullable String reason() {
            return ask.item.reason();
        }

        @Override
        public boolean isRelease() {
            return ask.release;
        }

        @Override
        public boolean tryWrite() {
            return true;
        }

        @Override
        public void written() {}

        @Override
        public void done() {
            ask.port.session().server().ledger().settled(ask.grant, ask.verb, ask.delayNanos);
            answerDone();
        }

        private void answerDone() {
            if (!ask.isOverWhenWritten()) {
                ask.answer(connection, "settlement answer", ask.item::done);
            }
        }

        @Override
        public void refused(LeaseLoss loss) {
            if (ask.hides(loss)) {
                answerDone();
                return;
            }
            ask.answer(connection, "settlement refusal", () -> ask.item.refused(loss));
        }
    }
}
