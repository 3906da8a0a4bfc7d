package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.nats.connection.Outbound;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A settlement for whose answer nobody waits: the server is not asked for one. Then it carries another one. */
final class SettleWrite extends Outbound {
    private final Strand strand;
    private @Nullable Delivered carriedOf;
    private @Nullable SettleItem carried;

    SettleWrite(Strand strand) {
        this.strand = strand;
    }

    /** Takes a settlement, when it has none. */
    void carry(Delivered of, SettleItem item) {
        carriedOf = of;
        carried = item;
    }

    private Delivered delivered() {
        return Objects.requireNonNull(carriedOf);
    }

    private SettleItem item() {
        return Objects.requireNonNull(carried);
    }

    private byte[] body() {
        return SettleRequest.body(delivered(), item());
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(delivered().reply(), null, null, body());
    }

    @Override
    protected int payloadBytes() {
        return body().length;
    }

    @Override
    protected boolean tryWrite() {
        PullPort port = delivered().port();
        LeaseLoss loss = port.loss();
        if (loss != null) {
            item().refused(loss);
            return false;
        }
        if (!item().tryWrite()) {
            return false;
        }
        port.settled(delivered());
        return true;
    }

    @Override
    protected void encode(ByteBuf out) {
        SettleItem item = item();
        FrameEncoder.publish(out, delivered().reply(), null, null, body());
        carriedOf = null;
        carried = null;
        item.written();
        strand.spares().give(this);
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            item().refused(LeaseLoss.CLOSED);
        }
    }
}
