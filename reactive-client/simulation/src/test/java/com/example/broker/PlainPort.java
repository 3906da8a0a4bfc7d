package com.example.broker;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One member of a group, and the way back of what it was lent. */
final class PlainPort implements DeliveryPort {
    private final PlainBroker broker;
    private final PlainSession session;
    private final GroupSpec spec;
    private final DeliverySink sink;
    private @Nullable PlainGroup group;
    private long credit;
    private long emitted;

    PlainPort(PlainBroker broker, PlainSession session, GroupSpec spec, DeliverySink sink) {
        this.broker = broker;
        this.session = session;
        this.spec = spec;
        this.sink = sink;
    }

    @Override
    public void credit(long total) {
        broker.turn(() -> {
            credit = total;
            if (group != null) {
                group.dispatch();
            }
        });
    }

    @Override
    public void stop() {
        broker.turn(this::leave);
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        List<SettleItem> kept = List.copyOf(items);
        broker.turn(() -> kept.forEach(this::settled));
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        List<TouchItem> kept = List.copyOf(items);
        broker.turn(() -> kept.forEach(this::touched));
    }

    @Override
    public void abort() {
        throw new IllegalStateException("a broker that checks receipts is never aborted");
    }

    // ---- in the broker's turn

    private void settled(SettleItem item) {
        PlainGrant grant = (PlainGrant) item.receipt();
        if (session.isClosed()) {
            item.refused(LeaseLoss.CLOSED);
            return;
        }
        if (!item.tryWrite()) {
            return;
        }

        item.written();
        LeaseLoss loss = grant.loss();
        if (loss != null && !grant.wasSettledBy(item.verb())) {
            item.refused(loss);
            return;
        }
        if (loss == null) {
            grant.settledBy(item.verb());
            grant.entry().settle(item.verb() == SettleVerb.NAK, item.isRelease());
        }

        item.done();
        grant.entry().group().dispatch();
    }

    private void touched(TouchItem item) {
        PlainGrant grant = (PlainGrant) item.receipt();
        LeaseLoss loss = session.isClosed() ? LeaseLoss.CLOSED : grant.loss();
        if (loss != null) {
            item.refused(loss);
        } else if (item.tryWrite()) {
            grant.entry().arm();
            item.confirmed(0);
        }
    }

    GroupSpec spec() {
        return spec;
    }

    DeliverySink sink() {
        return sink;
    }

    boolean isOpen() {
        return !session.isClosed();
    }

    boolean takesMore() {
        return emitted < credit;
    }

    long nanos() {
        return session.nanos();
    }

    void joined(PlainGroup joined) {
        group = joined;
        joined.join(this);
        sink.begun(spec.leaseTime().toNanos());
    }

    void deliver(PlainGrant grant) {
        emitted++;
        sink.delivered(grant);
    }

    void gone(MessagingException why) {
        leave();
        sink.gone(why);
    }

    private void leave() {
        if (group != null) {
            group.leave(this);
        }
        group = null;
        session.left(this);
    }
}
