package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Verb;
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
    // Without a reason: servers before 2.10.4 take one that has a reason for nothing, and answer it nevertheless.
    private static final byte[] TERMINATE = "+TERM".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final Delivered delivered;
    private final SettleItem item;
    private final byte[] body;

    SettleRequest(PullPort port, Delivered delivered, SettleItem item) {
        this.port = port;
        this.delivered = delivered;
        this.item = item;
        this.body = body(item, item.verb() == Verb.NAK ? port.nakDelay(delivered, item.delayNanos()) : 0);
    }

    /** What is written for a settlement; a nak with a delay in nanoseconds. */
    static byte[] body(SettleItem item, long delay) {
        return switch (item.verb()) {
            case ACK -> ACK;
            case TERMINATE -> TERMINATE;
            case NAK -> delay <= 0 ? NAK : ("-NAK {\"delay\":" + delay + "}").getBytes(StandardCharsets.US_ASCII);
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
        port.settled(delivered);
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
        // Whoever listens to ack subjects keeps a server from saying that the consumer is gone: silence may mean it.
        port.suspect();
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
