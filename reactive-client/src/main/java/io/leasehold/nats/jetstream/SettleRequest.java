package io.leasehold.nats.jetstream;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Verb;
import java.nio.charset.StandardCharsets;

/**
 * A settlement on its way: a request to the reply subject of its delivery, whose answer says that the leader of the
 * consumer has seen it, and nothing about whose the message is.
 */
final class SettleRequest extends LeaseRequest {
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);
    // Without a reason: servers before 2.10.4 take one that has a reason for nothing, and answer it nevertheless.
    private static final byte[] TERMINATE = "+TERM".getBytes(StandardCharsets.US_ASCII);

    private final SettleItem item;
    private final byte[] body;

    SettleRequest(PullPort port, Delivered delivered, SettleItem item) {
        super(port, delivered);
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
    protected byte[] body() {
        return body;
    }

    @Override
    boolean opens() {
        boolean writes = item.tryWrite();
        if (writes) {
            // Only bytes of ours are made between this and the channel.
            item.written();
            port.settled(delivered);
        }
        return writes;
    }

    @Override
    void seen() {
        item.done();
    }

    @Override
    void over(LeaseLoss loss) {
        item.refused(loss);
    }
}
