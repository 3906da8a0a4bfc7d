package io.leasehold.nats;

/** What ends the keeping of a message in streams that are made here. */
public enum NatsRetention {
    /** Its age, and the limits of the stream. */
    LIMITS,
    /** That too, or that every group has acked it. */
    INTEREST,
    /** That too, or that the one group which may consume it has acked it. */
    WORK_QUEUE
}
