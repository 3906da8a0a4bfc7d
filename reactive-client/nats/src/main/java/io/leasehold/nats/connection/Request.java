package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.Destination;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.Link;
import io.leasehold.wire.Outbound;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A publish that is answered. Ends in exactly one of {@link #refused} (never written), {@link #answered}, {@link
 * #failed}, or in silence when its gate closed or it was {@linkplain NatsConnection#forget forgotten}. May be given
 * again from then on.
 */
public abstract class Request extends Outbound {
    static final int NO_SLOT = -1;

    int slot = NO_SLOT;
    long serial;
    long writtenAt;
    long deadline;
    // Where its bytes end among those of its link.
    long position;

    @Nullable
    Request earlier;

    @Nullable
    Request later;

    /** For subclasses. */
    protected Request() {}

    /** Returns the subject of the publish. */
    protected abstract Destination subject();

    /**
     * Returns the header block; null where there is none, or one that is {@linkplain #writeHeader written} piece by
     * piece.
     */
    protected byte @Nullable [] header() {
        return null;
    }

    /** Counts the bytes of the header block; 0 where there is none. */
    protected int headerBytes() {
        byte[] header = header();
        return header == null ? 0 : header.length;
    }

    /** Writes the header block, with exactly so many bytes. */
    protected void writeHeader(ByteBuf out) {
        byte[] header = header();
        if (header != null) {
            out.writeBytes(header);
        }
    }

    /** Returns the body. */
    protected abstract byte[] body();

    /**
     * Tells how long the answer is waited for, from when the request is written, in nanoseconds and in steps of {@link
     * RequestWheel#TICK_NANOS}. What stands behind much else is given the time that this takes the line in addition.
     */
    protected abstract long limitNanos();

    /**
     * The answer, which may be a status or tell of an error.
     *
     * @param answer good until the call returns, and the arrays in it too
     */
    protected abstract void answered(MessageFrame answer);

    /**
     * It was written, and there is no answer: {@code UNKNOWN} (the connection ended, or the time), {@code
     * NO_RESPONDERS}, {@code NOT_PERMITTED}.
     */
    protected abstract void failed(MessagingException why);

    @Override
    protected final int sizeBytes() {
        return FrameEncoder.publishBytes(subject(), RequestTable.REPLY_ROOM, payloadBytes());
    }

    private int payloadBytes() {
        return headerBytes() + body().length;
    }

    @Override
    protected final void emit(Link link, ByteBuf out, long now) {
        NatsLink to = (NatsLink) link;
        MessagingException problem = to.tooLarge(payloadBytes());
        if (problem == null) {
            problem = to.requests().problem(isUrgent());
        }
        if (problem != null) {
            refused(problem);
        } else if (tryWrite()) {
            byte[] reply = to.requests().open(this, now);
            byte[] body = body();
            FrameEncoder.begin(out, subject(), reply, headerBytes(), body.length);
            writeHeader(out);
            out.writeBytes(body);
            FrameEncoder.end(out);
            position = link.position(out);
        }
    }
}
