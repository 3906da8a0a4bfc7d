package io.leasehold.event;

/** What became of a delivery that had got a slot. */
public enum RunEnd {
    /** Done. */
    ACKED,
    /** Given back after a failure. */
    NAKED,
    /** Never to be delivered again although it was not done. */
    TERMINATED,
    /** Published to the dead-letter topic, then acked. */
    DEAD_LETTERED,
    /** Given back without failure. */
    RELEASED,
    /** The lease ended without our settling. */
    LOST,
    /** Settled, but the broker's answer never came. */
    UNKNOWN
}
