package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.Nullable;

/** Is one settlement on its way to the broker. Implemented by the lease, used by brokers. */
@BrokerApi
public interface SettleItem {
    /** Gives what the broker needs to find the delivery; opaque to everybody else. */
    Object receipt();

    /** Names the way of settling. */
    SettleVerb verb();

    /** Gives, for a nak, how long the broker waits before it delivers again, in nanoseconds, 0 or more. */
    long delayNanos();

    /** Gives, for a terminate, the reason; null where there is none. */
    @Nullable
    String reason();

    /** Tells whether this is the release of a delivery whose work was never started. */
    boolean isRelease();

    /**
     * Asks the gate, right before the bytes are made: true when they may be written now. The gate reads the clock. A
     * nak gets true at most once; an ack or terminate may be written again until the send deadline.
     */
    boolean tryWrite();

    /**
     * Tells whether somebody waits for the broker's answer. Not for an ack that counts as done when it is written,
     * after work that has ended: a broker that need not answer may be asked not to.
     */
    default boolean wantsAnswer() {
        return true;
    }

    /**
     * Tells whether the lease is not over yet. When it is, whoever keeps the item to write later may forget the item.
     */
    default boolean isOpen() {
        return true;
    }

    /**
     * Tells that it was not written and is not kept, for want of room: it is offered again a little later, until it may
     * not be written any more. Not to be called for what waits to be written.
     */
    default void postponed() {}

    /** Tells that the bytes were handed to the socket. */
    void written();

    /** Tells that the broker did it. */
    void done();

    /** Tells that the broker refused it: the delivery is not ours any more. */
    void refused(LeaseLoss loss);
}
