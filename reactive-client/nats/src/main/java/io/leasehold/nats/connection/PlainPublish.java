package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.wire.Link;
import io.leasehold.wire.Outbound;
import io.netty.buffer.ByteBuf;

/** Is a publish to which no answer comes, or one to a subscription of its own; see {@link Request} for the others. */
public abstract class PlainPublish extends Outbound {
    /** For subclasses. */
    protected PlainPublish() {}

    /** Counts the bytes of headers and body, which the server bounds. */
    protected abstract int payloadBytes();

    /** Makes the bytes, as {@link io.leasehold.nats.protocol.FrameEncoder} writes them. */
    protected abstract void encode(ByteBuf out);

    @Override
    protected final void emit(Link link, ByteBuf out, long now) {
        MessagingException problem = ((NatsLink) link).tooLarge(payloadBytes());
        if (problem != null) {
            refused(problem);
        } else if (tryWrite()) {
            encode(out);
        }
    }
}
