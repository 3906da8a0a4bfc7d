package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Something to be written: an element of the queue itself, so that giving it allocates nothing. In one queue, and
 * once at a time. Its methods are called on the connection's own thread, never block and never call user code.
 *
 * <pre>
 *   given ──► waits ── tryWrite: yes ──► encode      nothing more is heard of it, see Request for answers
 *               ├───── tryWrite: no ───► dropped     its owner knows
 *               └──► refused                         it will not be written: closed, no room, too large
 * </pre>
 */
public abstract class Outbound {
    @Nullable
    Outbound next;

    int countedBytes;

    /** For subclasses. */
    protected Outbound() {}

    /** At most so many bytes are encoded. */
    protected abstract int sizeBytes();

    /** So many of them are headers and body, which the server limits. */
    protected abstract int payloadBytes();

    /**
     * Whether it goes before what is not urgent, and is never refused for want of room that others take: what is
     * small and keeps things going. Urgent ones keep their order among each other.
     */
    protected boolean isUrgent() {
        return false;
    }

    /**
     * Whether anybody still wants it to be written. What is not wanted any more leaves the queue within {@link
     * RequestWheel#TICK_NANOS} without a word; its owner knows.
     */
    protected boolean isWanted() {
        return true;
    }

    /** The gate, asked right before the bytes are made; the clock is read in it. */
    protected boolean tryWrite() {
        return true;
    }

    /** Makes the bytes, as {@link io.leasehold.nats.protocol.FrameEncoder} writes them. */
    protected abstract void encode(ByteBuf out);

    /** It will not be written. May be called on the thread of who gives it. */
    protected abstract void refused(MessagingException why);

    /** Writes it into a connection that is up. */
    void emit(Link link, ByteBuf out, long now) {
        if (fits(link) && tryWrite()) {
            encode(out);
        }
    }

    final boolean fits(Link link) {
        long max = link.info().maxPayload();
        if (payloadBytes() <= max) {
            return true;
        }
        refused(new MessagingException(
                ErrorCode.TOO_LARGE,
                "headers and body have " + payloadBytes() + " bytes, the server takes " + max,
                link.toString(),
                "send less, or raise max_payload of the server"));
        return false;
    }
}
