package io.leasehold.publish;

/** Says how a publish ended, as stages are told. */
public enum PublishOutcome {
    /** The broker has the message. */
    CONFIRMED,
    /** The broker does not have it; {@link PublishView#failure()} tells why. */
    REFUSED,
    /** Whether the broker has it is not known; {@link PublishView#failure()} tells why. */
    UNKNOWN,
    /** Its subscriber cancelled before it was written. */
    TAKEN_BACK
}
