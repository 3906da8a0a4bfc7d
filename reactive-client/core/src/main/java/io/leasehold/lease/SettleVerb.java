package io.leasehold.lease;

import io.leasehold.api.BrokerApi;

/** Names the ways to settle a delivery. */
@BrokerApi
public enum SettleVerb {
    /** Done: never deliver it again. */
    ACK,
    /** Deliver it again, now or after a delay. */
    NAK,
    /** Never deliver it again although it was not done. */
    TERMINATE
}
