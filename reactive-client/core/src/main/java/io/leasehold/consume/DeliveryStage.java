package io.leasehold.consume;

/**
 * Says where a held delivery stands.
 *
 * <pre>
 *   NEW --> BEHIND (an older run of the message) --> LANE (its key) --> READY (a slot, demand) --> STARTED --> GONE
 *     `--------------------`------------------------------`------------------`--- lost, released -----------^
 *                                     STARTED --> ORPHAN (lost, and its work goes on) --> GONE
 *                                     STARTED --> DELAYED (its nak is held back) --> GONE
 * </pre>
 */
public enum DeliveryStage {
    /** Has arrived, and was not looked at yet. */
    NEW,
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
    GONE;

    /** Tells whether a delivery that stands here waits for its turn. */
    boolean isWaiting() {
        return this == BEHIND || this == LANE || this == READY;
    }

    /** Tells whether a delivery that stands here has a slot, or a share of one. */
    boolean hasSlot() {
        return this == STARTED || this == ORPHAN;
    }
}
