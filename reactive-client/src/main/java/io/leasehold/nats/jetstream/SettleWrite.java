package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.nats.connection.Outbound;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;

/** A settlement for whose answer nobody waits: the server is not asked for one. */
final class SettleWrite extends Outbound {
    private final Delivered delivered;
    private final SettleItem item;

    SettleWrite(Delivered delivered, SettleItem item) {
        this.delivered = delivered;
        this.item = item;
    }

    private byte[] body() {
        return SettleRequest.body(delivered, item);
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(delivered.reply(), null, null, body());
    }

    @Override
    protected int payloadBytes() {
        return body().length;
    }

    @Override
    protected boolean tryWrite() {
        LeaseLoss loss = delivered.port().loss();
        if (loss != null) {
            item.refused(loss);
            return false;
        }
        if (!item.tryWrite()) {
            return false;
        }
        delivered.port().settled(delivered);
        return true;
    }

    @Override
    protected void encode(ByteBuf out) {
        FrameEncoder.publish(out, delivered.reply(), null, null, body());
        item.written();
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            item.refused(LeaseLoss.CLOSED);
        }
    }
}
