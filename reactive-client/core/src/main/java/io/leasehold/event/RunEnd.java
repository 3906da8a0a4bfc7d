package io.leasehold.event;

/**
 * Says to recorders what became of a delivery that had got a slot: the same kinds as those of {@code Outcome}, by the
 * same names. Both are there since recorders stand below the consumers that report to them, here and in the map of
 * packages: an {@code Outcome} is what users subscribe to, with its message, its error and more, and nothing below the
 * consumers knows it.
 */
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
