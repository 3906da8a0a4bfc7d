package io.leasehold.nats.jetstream;

/** Tells how a member hears that a message of its own was handed to somebody else. */
enum MonitorMode {
    /** On the ack subjects: everybody is heard, also other clients than this one. */
    ACK_SUBJECTS("whoever gets a redelivery is heard"),
    /** On the subject of claims, our own: only clients of this kind are heard. */
    CLAIM_SUBJECT("only clients of this kind are heard when they get a redelivery: permit subscribing to $JS.ACK.>"),
    /** Nowhere: the deadline alone ends orphaned work. */
    NONE("nobody is heard who gets a redelivery, only deadlines end orphaned work: permit subscribing to $JS.ACK.> or "
            + "to leasehold.claims.>");

    private final String remark;

    MonitorMode(String remark) {
        this.remark = remark;
    }

    /** Returns what it means, for whoever reads the health of a client. */
    String remark() {
        return remark;
    }
}
