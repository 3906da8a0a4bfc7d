package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.Nullable;

/** One settlement on its way to the broker. Implemented by the lease, used by brokers. */
@BrokerApi
public interface SettleItem {
    /** What the broker needs to find the delivery; opaque to everybody else. */
    Object receipt();

    /** Which settlement. */
    SettleVerb verb();

    /** For a nak: how long the broker waits before it delivers again, in nanoseconds, 0 or more. */
    long delayNanos();

    /** For a terminate: why. */
    @Nullable
    String reason();

    /** Whether this is the release of a delivery whose work was never started. */
    boolean isRelease();

    /**
     * The gate, to be asked right before the bytes are made: true when they may be written now. It reads the clock. A
     * nak gets true at most once; an ack or terminate may be written again until the send deadline.
     */
    boolean tryWrite();

    /**
     * Whether somebody waits for the broker's answer. Not for an ack that counts as done when it is written, after
     * work that has ended: a broker that need not answer may be asked not to.
     */
    default boolean wantsAnswer() {
        return true;
    }

    /** Whether the lease is not over yet. When it is, whoever keeps the item to write it later may forget it. */
    default boolean isOpen() {
        return true;
    }

    /**
     * It was not written and is not kept, for want of room: it is offered again a little later, until it may not be
     * written any more. Not to be called for what waits to be written.
     */
    default void postponed() {}

    /** The bytes were handed to the socket. */
    void written();

    /** The broker did it. */
    void done();

    /** The broker refused it: the delivery is not ours any more. */
    void refused(LeaseLoss loss);
}
