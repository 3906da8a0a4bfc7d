package io.leasehold.wire;

import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Something to be written: an element of the queue itself, so that giving it allocates nothing. In one queue, and
 * once at a time. Its methods are called on the connection's own thread, never block and never call user code.
 *
 * <pre>
 *   given ──► waits ──► emit ── tryWrite: yes ──► encoded     nothing more is heard of it here
 *               │       └────── tryWrite: no ───► dropped     its owner knows
 *               └──► refused                                  it will not be written: closed, no room
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

    /**
     * Whether it goes before what is not urgent, and is never refused for want of room that others take: what is
     * small and keeps things going. Urgent ones keep their order among each other.
     */
    protected boolean isUrgent() {
        return false;
    }

    /**
     * Whether anybody still wants it to be written. What is not wanted any more leaves the queue at the next
     * {@linkplain OutboundQueue#sweep sweep} without a word; its owner knows.
     */
    protected boolean isWanted() {
        return true;
    }

    /** The gate, asked right before the bytes are made; the clock is read in it. */
    protected boolean tryWrite() {
        return true;
    }

    /**
     * Makes the bytes, if the gate lets them out.
     *
     * @param link a connection that is up, to which the bytes go
     * @param now what the client's clock says, in nanoseconds
     */
    protected abstract void emit(Link link, ByteBuf out, long now);

    /** It will not be written. May be called on the thread of who gives it. */
    protected abstract void refused(MessagingException why);
}
