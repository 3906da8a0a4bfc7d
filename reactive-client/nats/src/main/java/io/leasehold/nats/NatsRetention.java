package io.leasehold.nats;

/** What ends the keeping of a message in streams that are made here. */
public enum NatsRetention {
    /** Its age, and the limits of the stream. */
    LIMITS,
    /**
     * That too, or that every group has acked it. What is published while no group consumes its topic is confirmed and
     * dropped at once: start the groups before the publishers. Dead letters get a stream of their own that keeps by
     * limits, unless a stream keeps their topic already.
     */
    INTEREST,
    /** That too, or that the one group which may consume it has acked it. */
    WORK_QUEUE
}
