package io.leasehold.lease;

/** Says what "done" means for a settlement. */
public enum SettlementLevel {
    /** The broker answered. */
    CONFIRMED,
    /** The bytes were handed to the socket, no more. */
    WRITTEN
}
