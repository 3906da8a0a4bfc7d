package io.leasehold.lease;

import io.leasehold.api.BrokerApi;

/** One touch on its way to the broker. Implemented by the lease, used by brokers. */
@BrokerApi
public interface TouchItem {
    /** What the broker needs to find the delivery; opaque to everybody else. */
    Object receipt();

    /** The gate, to be asked right before the bytes are made: true when they may be written now. */
    boolean tryWrite();

    /** Whether the lease is not over yet. When it is, whoever keeps the item to write it later may forget it. */
    default boolean isOpen() {
        return true;
    }

    /**
     * The broker extended the lease. Counts only when it comes before the present deadline, and then from the instant
     * at which the touch was sent.
     *
     * @param leaseNanos the lease time that holds from now on, in nanoseconds; 0 for the same as before
     */
    void confirmed(long leaseNanos);

    /** The broker refused: the delivery is not ours any more. */
    void refused(LeaseLoss loss);
}
