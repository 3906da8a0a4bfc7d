package io.leasehold.embedded;

/** Something that is due at an instant. Confined to the broker's turn. */
abstract class Timed {
    static final int IDLE = -1;

    /** Its place among the timers, or {@link #IDLE}. */
    int place = IDLE;

    /** When it is due, on the broker's clock. */
    long dueNanos;

    /** It is due, and no longer among the timers. */
    abstract void due();

    final boolean isBefore(Timed other) {
        return dueNanos - other.dueNanos < 0;
    }
}
