package io.leasehold.lease;

/** What "done" means for a settlement. */
public enum SettlementLevel {
    /** The broker answered. */
    CONFIRMED,
    /** The bytes were handed to the socket, no more. */
    WRITTEN
}
