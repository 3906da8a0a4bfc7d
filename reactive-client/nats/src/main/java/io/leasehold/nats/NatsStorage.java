package io.leasehold.nats;

/** Where streams that are made here keep their messages. */
public enum NatsStorage {
    /** On disk. */
    FILE,
    /** In memory. */
    MEMORY
}
