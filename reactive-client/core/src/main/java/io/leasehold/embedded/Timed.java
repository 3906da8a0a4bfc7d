package io.leasehold.embedded;

import io.leasehold.pace.DelayQueue;
import org.jspecify.annotations.Nullable;

/** Something that is due at an instant: in a {@link DelayQueue}, in a {@link TimedLine}, or in neither. */
abstract class Timed extends DelayQueue.Entry {
    /** Its neighbours in the line; null when it is in none. */
    @Nullable
    Timed before;

    @Nullable
    Timed after;

    /** It is due, and no longer among the timers. */
    abstract void due();

    /** Changes when it is due, on the broker's clock, where it is in no queue or all of the queue change. */
    final void dueAt(long instant) {
        dueNanos(instant);
    }
}
