package io.leasehold.publish;

/** Where a publish is; known in turns only. */
enum Place {
    /** Not begun. */
    NEW,
    /** Waiting for its turn within its key. */
    LANE,
    /** Delayed by a stage. */
    DELAYED,
    /** Waiting for a place in the window. */
    WAITING,
    /** With a place, handed to the broker. */
    OUT,
    /** With a place, waiting to be written once more. */
    AGAIN,
    /** Over. */
    ENDED;

    /** Whether it has a place in the window. */
    boolean hasSlot() {
        return this == OUT || this == AGAIN;
    }
}
