package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.Link;
import io.leasehold.wire.Outbound;
import io.netty.buffer.ByteBuf;

/** The beginning or the end of a subscription in the queue. */
final class SubscriptionMark extends Outbound {
    private static final int OVERHEAD = 32;

    private final SubscriptionTable table;
    private final Subscription subscription;
    private final boolean begins;

    SubscriptionMark(SubscriptionTable table, Subscription subscription, boolean begins) {
        this.table = table;
        this.subscription = subscription;
        this.begins = begins;
    }

    @Override
    protected int sizeBytes() {
        Subject queue = subscription.queue();
        return OVERHEAD + subscription.filter().length() + (queue == null ? 0 : queue.length());
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    // One that the server does not know needs no end, and one that has ended no beginning.
    @Override
    protected boolean isWanted() {
        return begins ? !subscription.isCancelled() : subscription.sid != Subscription.NO_SID;
    }

    @Override
    protected void emit(Link link, ByteBuf out, long now) {
        if (!begins) {
            end(link, out);
        } else if (!subscription.isCancelled()) {
            begin(link, out);
        }
    }

    private void begin(Link link, ByteBuf out) {
        if (table.add(subscription)) {
            write(subscription, link.epoch(), out);
            return;
        }

        table.fail(
                subscription,
                new MessagingException(
                        ErrorCode.CONNECTION_FULL,
                        "there are " + table.size() + " subscriptions",
                        "nats.subscriptions",
                        "cancel some, or allow more of them"));
    }

    private void end(Link link, ByteBuf out) {
        if (subscription.isKnownTo(link)) {
            FrameEncoder.unsubscribe(out, subscription.sid, 0);
        }
        table.remove(subscription);
    }

    /** Makes the server know a subscription from this connection on. */
    static void write(Subscription subscription, long epoch, ByteBuf out) {
        subscription.epoch = epoch;
        FrameEncoder.subscribe(out, subscription.filter(), subscription.queue(), subscription.sid);
    }

    @Override
    protected void refused(MessagingException why) {
        if (begins) {
            table.fail(subscription, why);
        }
    }
}
