package io.leasehold.embedded;

import io.leasehold.pace.DelayQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds what is due the same time after it was armed, so that the order of arming is the order of being due: a ring of
 * entries around an end. Each entry knows its neighbours and leaves without a search; nothing stays behind.
 */
final class TimedLine {
    /** Is due at an instant: in a {@link DelayQueue}, in a line, or in neither. */
    abstract static class Entry extends DelayQueue.Entry {
        // Its neighbours in the line; null when it is in none.
        private @Nullable Entry before;
        private @Nullable Entry after;

        /** Called when it is due, and no longer among the timers. */
        abstract void due();

        /** Changes when it is due, on the broker's clock, where it is in no queue or all of the queue change. */
        final void dueAt(long instant) {
            dueNanos(instant);
        }
    }

    private final long periodNanos;
    private final Entry end = new End();

    TimedLine(long periodNanos) {
        this.periodNanos = periodNanos;
        end.before = end;
        end.after = end;
    }

    /** Closes the ring. */
    private static final class End extends Entry {
        @Override
        void due() {}
    }

    /** Tells whether it holds what is due so long after it was armed. */
    boolean isOf(long nanos) {
        return periodNanos == nanos;
    }

    /** Returns the entry that is due first; null when there is none. */
    @Nullable
    Entry first() {
        Entry first = end.after;
        return first == end ? null : first;
    }

    /** Adds an entry that is in no line: false, and nothing happens, when the clock went back since the last one. */
    boolean append(Entry entry, long dueNanos) {
        Entry last = last();
        if (last != end && dueNanos - last.dueNanos() < 0) {
            return false;
        }

        entry.dueAt(dueNanos);
        entry.before = last;
        entry.after = end;
        last.after = entry;
        end.before = entry;

        return true;
    }

    @SuppressWarnings("NullAway") // the ring is closed
    private Entry last() {
        return end.before;
    }

    /** Takes an entry out of the line it is in; does nothing when it is in none. */
    static void remove(Entry entry) {
        Entry before = entry.before;
        Entry after = entry.after;
        if (before == null || after == null) {
            return;
        }

        before.after = after;
        after.before = before;
        entry.before = null;
        entry.after = null;
    }

    /** Gives each entry to a callback, first due first; the callback may not change the line. */
    void forEach(Consumer<Entry> each) {
        for (Entry entry = first(); entry != null && entry != end; entry = entry.after) {
            each.accept(entry);
        }
    }
}
