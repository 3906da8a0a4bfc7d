package io.leasehold.lease;

import io.leasehold.api.BrokerApi;

/** Is one touch on its way to the broker. Implemented by the lease, used by brokers. */
@BrokerApi
public interface TouchItem {
    /** Gives what the broker needs to find the delivery; opaque to everybody else. */
    Object receipt();

    /** Asks the gate, right before the bytes are made: true when they may be written now. */
    boolean tryWrite();

    /**
     * Tells whether the lease is not over yet. When it is, whoever keeps the item to write later may forget the item.
     */
    default boolean isOpen() {
        return true;
    }

    /**
     * Tells that the broker extended the lease. Counts only when it comes before the present deadline, and then from
     * the instant at which the touch was sent.
     *
     * @param leaseNanos the lease time that holds from now on, in nanoseconds; 0 for the same as before
     */
    void confirmed(long leaseNanos);

    /** Tells that the broker refused: the delivery is not ours any more. */
    void refused(LeaseLoss loss);
}
