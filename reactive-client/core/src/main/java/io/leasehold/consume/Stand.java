package io.leasehold.consume;

/** Where a held delivery stands. */
public enum Stand {
    /** Waits for the end of an older run of its message. */
    BEHIND,
    /** Waits for its key. */
    LANE,
    /** Waits for a slot and for demand. */
    READY,
    /** Has a slot. */
    STARTED,
    /** Has a slot although its lease is lost: the cancel has not ended its work. */
    ORPHAN,
    /** Was given back, and is held until its delay is over: the broker cannot delay. */
    DELAYED,
    /** Is leaving. */
    GONE
}
