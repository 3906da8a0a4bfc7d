package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.Nullable;

/** Holds what a broker says about the lease of a delivery. */
@BrokerApi
public interface LeaseGrant {
    /** Gives the way back for settlements and touches. */
    Settlement settlement();

    /** Gives what the broker needs to find this delivery; opaque, new per receipt. */
    Object receipt();

    /** Gives the time for which the delivery is lent. */
    LeaseTime leaseTime();

    /**
     * Gives the {@link Ticker} reading before the bytes of the request that caused the grant were handed to the
     * channel.
     */
    long anchorNanos();

    /**
     * Gives the {@link Ticker} reading by which the lease is to be touched for the first time, as far as its policy
     * touches at all: where the broker may cut short what was never touched. {@link Long#MAX_VALUE} for the usual time.
     */
    long touchByNanos();

    /** Gives the token of this delivery, or null when the broker has none. */
    @Nullable
    FencingToken token();

    /** Counts how often the message was handed out, this time included; 0 when the broker does not know. */
    int deliveryCount();
}
