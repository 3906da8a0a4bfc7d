package io.leasehold.embedded;

import org.jspecify.annotations.Nullable;

/** Something that is due at an instant: in a {@link TimedHeap}, in a {@link TimedLine}, or in neither. */
abstract class Timed {
    static final int IDLE = -1;

    /** When it is due, on the broker's clock. */
    long dueNanos;

    /** Its place in the heap, or {@link #IDLE}. */
    int place = IDLE;

    /** Its neighbours in the line; null when it is in none. */
    @Nullable
    Timed before;

    @Nullable
    Timed after;

    /** It is due, and no longer among the timers. */
    abstract void due();

    final boolean isBefore(Timed other) {
        return dueNanos - other.dueNanos < 0;
    }
}
