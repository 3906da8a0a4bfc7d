package io.leasehold.broker;

import io.leasehold.lease.LeaseGrant;
import io.leasehold.message.Message;

/** One delivery as a broker hands it out: the message and its lease. */
public interface Handout extends LeaseGrant {
    /**
     * Names the message within its group: equal for all deliveries of it, and for no other. Opaque, with equals and
     * hashCode.
     */
    Object ref();

    /** The message. */
    Message message();

    /** How many of the earlier deliveries were released without being started, as far as the broker knows; else 0. */
    int releases();
}
