package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.nio.charset.StandardCharsets;

/** A touch on its way: {@code +WPI}, whose answer means that the leader has begun the lease time anew. */
final class TouchRequest extends Request {
    private static final byte[] WORKING = "+WPI".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final Delivered delivered;
    private final TouchItem item;
    private long sentNanos;

    TouchRequest(PullPort port, Delivered delivered, TouchItem item) {
        this.port = port;
        this.delivered = delivered;
        this.item = item;
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

    @Override
    protected boolean tryWrite() {
        LeaseLoss loss = port.loss();
        if (loss != null) {
            item.refused(loss);
            return false;
        }
        if (!item.tryWrite()) {
            return false;
        }
        sentNanos = port.sureNanos();
        port.held(delivered);
        return true;
    }

    @Override
    protected void answered(MessageFrame answer) {
        LeaseLoss loss = port.loss();
        if (loss == null) {
            delivered.sureFrom(sentNanos);
            item.confirmed(port.leaseNanos(delivered));
        } else {
            item.refused(loss);
        }
    }

    @Override
    protected void failed(MessagingException why) {
        port.suspect();
        LeaseLoss loss = port.loss();
        if (loss != null) {
            item.refused(loss);
        }
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            item.refused(LeaseLoss.CLOSED);
        }
    }
}
