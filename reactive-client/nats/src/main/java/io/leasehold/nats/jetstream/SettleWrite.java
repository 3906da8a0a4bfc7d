package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;

/** A settlement for whose answer nobody waits: the server is not asked for one. Then it carries another one. */
final class SettleWrite extends PlainPublish {
    private final SessionConnection session;
    private final Settling settling = new Settling();

    SettleWrite(SessionConnection session) {
        this.session = session;
    }

    /** Takes a settlement, when it has none. */
    void reuse(NatsHandout delivered, SettleItem item) {
        settling.reuse(delivered, item);
    }

    private byte[] body() {
        return SettleRequest.body(settling.delivered(), settling.item());
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(settling.delivered().reply(), null, null, body());
    }

    @Override
    protected int payloadBytes() {
        return body().length;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected boolean isWanted() {
        return settling.item().isOpen();
    }

    @Override
    protected boolean tryWrite() {
        PullPort port = settling.delivered().port();
        LeaseLoss loss = port.loss();
        if (loss != null) {
            settling.item().refused(loss);
            return false;
        }
        if (!settling.item().tryWrite()) {
            return false;
        }
        port.settled(settling.delivered());
        return true;
    }

    @Override
    protected void encode(ByteBuf out) {
        FrameEncoder.publish(out, settling.delivered().reply(), null, null, body());
        settling.end().written();
        session.spares().writes().give(this);
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            settling.item().refused(LeaseLoss.CLOSED);
        } else {
            settling.item().postponed();
        }
    }
}
