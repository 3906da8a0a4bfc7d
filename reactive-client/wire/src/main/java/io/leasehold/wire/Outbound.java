package io.leasehold.wire;

import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Is one thing to be written: an element of the queue itself, so that giving it allocates nothing. It waits in one
 * queue at a time, and once. Its methods are called on the connection's own thread, never block and never call user
 * code.
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

    /** Returns how many bytes are encoded at most. */
    protected abstract int sizeBytes();

    /**
     * Tells whether this item goes before what is not urgent, and is never refused for want of room that others take:
     * for what is small and keeps things going. Urgent items keep their order among each other. Default false.
     */
    protected boolean isUrgent() {
        return false;
    }

    /**
     * Tells whether anybody still wants this item to be written. What is not wanted leaves the queue at the next
     * {@linkplain OutboundQueue#sweep sweep} without a word; its owner knows.
     */
    protected boolean isWanted() {
        return true;
    }

    /** Decides, right before the bytes are made, whether they may be: the gate, in which the clock is read. */
    protected boolean tryWrite() {
        return true;
    }

    /**
     * Asks the gate, and makes the bytes if it says yes.
     *
     * @param link a connection that is up, to which the bytes go
     * @param now what the client's clock says, in nanoseconds
     */
    protected abstract void emit(Link link, ByteBuf out, long now);

    /** Hears that this item will not be written; perhaps within the call that gives it, on the caller's thread. */
    protected abstract void refused(MessagingException why);
}
