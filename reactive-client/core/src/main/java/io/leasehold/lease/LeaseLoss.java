package io.leasehold.lease;

/** Says why a lease ended without our settling it. */
public enum LeaseLoss {
    /** The work deadline passed. */
    EXPIRED,
    /** A newer delivery of the message exists. */
    SUPERSEDED,
    /** Somebody else settled the message. */
    SETTLED_ELSEWHERE,
    /** The message was deleted under the lease. */
    MESSAGE_DELETED,
    /** The group was deleted or made anew. */
    GROUP_GONE,
    /** The connection or session that the lease belonged to ended. */
    CONNECTION_LOST,
    /** The share of the group that the message belongs to was given to another member. */
    REVOKED,
    /** The work took longer than {@code maxHold}. */
    MAX_HOLD,
    /** Left to run out on purpose: too little time was left to start, or to give it back safely. */
    RUN_OUT,
    /** The client was closed. */
    CLOSED
}
