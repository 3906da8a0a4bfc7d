package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A settlement on its way: a request to the reply subject of its delivery, whose answer says that the leader of the
 * consumer has seen it, and nothing about whose the message is. Then it carries another one.
 */
final class SettleRequest extends LeaseRequest {
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TERMINATE = "+TERM".getBytes(StandardCharsets.US_ASCII);

    private static final int REASON_MAX = 256;

    private final SessionConnection session;
    private final Settling settling = new Settling();

    SettleRequest(SessionConnection session) {
        this.session = session;
    }

    /** Takes a settlement, when it has none. */
    void reuse(NatsHandout delivered, SettleItem item) {
        settling.reuse(delivered, item);
    }

    @Override
    NatsHandout delivered() {
        return settling.delivered();
    }

    /** What is written for a settlement. */
    static byte[] body(NatsHandout delivered, SettleItem item) {
        PullPort port = delivered.port();
        return switch (item.verb()) {
            case ACK -> ACK;
            case TERMINATE -> terminate(port.tellsReasons() ? item.reason() : null);
            case NAK -> nak(port.nakDelay(delivered, item.delayNanos()));
        };
    }

    private static byte[] nak(long delayNanos) {
        return delayNanos <= 0 ? NAK : ("-NAK {\"delay\":" + delayNanos + "}").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] terminate(@Nullable String reason) {
        return reason == null || reason.isBlank()
                ? TERMINATE
                : ("+TERM " + reason.substring(0, Math.min(reason.length(), REASON_MAX)))
                        .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected byte[] body() {
        return body(delivered(), settling.item());
    }

    @Override
    protected boolean isWanted() {
        return settling.item().isOpen();
    }

    @Override
    boolean opens() {
        SettleItem item = settling.item();
        boolean writes = item.tryWrite();
        if (writes) {
            // Only bytes of ours are made between this and the channel.
            item.written();
            port().settled(delivered());
        }
        return writes;
    }

    @Override
    void seen() {
        settling.end().done();
        session.spares().settlements().give(this);
    }

    // Nobody else gives it again.
    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            over(LeaseLoss.CLOSED);
        } else {
            settling.item().postponed();
        }
    }

    @Override
    void over(LeaseLoss loss) {
        settling.item().refused(loss);
    }
}
