package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.nio.charset.StandardCharsets;

/**
 * A settlement on its way: a request to the reply subject of its delivery, whose answer says that the leader of the
 * consumer has seen it, and nothing about whose the message is.
 */
final class SettleRequest extends Request {
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TERMINATE = "+TERM".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final Delivered delivered;
    private final SettleItem item;
    private final byte[] body;

    SettleRequest(PullPort port, Delivered delivered, SettleItem item) {
        this.port = port;
        this.delivered = delivered;
        this.item = item;
        this.body = body(item);
    }

    private static byte[] body(SettleItem item) {
        return switch (item.verb()) {
            case ACK -> ACK;
            case TERMINATE -> TERMINATE;
            case NAK -> {
                long delay = Math.max(0, item.delayNanos());
                yield delay == 0 ? NAK : ("-NAK {\"delay\":" + delay + "}").getBytes(StandardCharsets.US_ASCII);
            }
        };
    }

    @Override
    protected Subject subject() {
        return delivered.reply();
    }

    @Override
    protected byte[] body() {
        return body;
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
        // Only bytes of ours are made between this and the channel.
        item.written();
        return true;
    }

    @Override
    protected void answered(MessageFrame answer) {
        LeaseLoss loss = port.loss();
        if (loss == null) {
            item.done();
        } else {
            item.refused(loss);
        }
    }

    @Override
    protected void failed(MessagingException why) {
        if (why.code() == ErrorCode.NO_RESPONDERS) {
            port.suspect();
        }
        LeaseLoss loss = port.loss();
        if (loss != null) {
            item.refused(loss);
        }
        // Else its lease repeats it, or lets its deadline decide.
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            item.refused(LeaseLoss.CLOSED);
        }
    }
}
