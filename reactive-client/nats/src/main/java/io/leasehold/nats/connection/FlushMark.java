package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.wire.Link;
import io.leasehold.wire.Outbound;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Sinks;

/** A ping in the queue: its answer says that the server has read all that stood before it. */
final class FlushMark extends Outbound {
    private static final int BYTES = 6;

    private final Sinks.Empty<Void> waiter;

    FlushMark(Sinks.Empty<Void> waiter) {
        this.waiter = waiter;
    }

    @Override
    protected int sizeBytes() {
        return BYTES;
    }

    @Override
    protected void emit(Link link, ByteBuf out, long now) {
        link.ping(out, waiter);
    }

    @Override
    protected void refused(MessagingException why) {
        waiter.tryEmitError(why);
    }
}
