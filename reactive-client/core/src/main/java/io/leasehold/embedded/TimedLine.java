package io.leasehold.embedded;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is due the same time after it was armed, so that the order of arming is the order of being due: a ring of links
 * around an end. Each element knows its neighbours and leaves without a search; nothing stays behind.
 */
final class TimedLine {
    private final long periodNanos;
    private final Timed end = new End();

    TimedLine(long periodNanos) {
        this.periodNanos = periodNanos;
        end.before = end;
        end.after = end;
    }

    /** Where the ring closes. */
    private static final class End extends Timed {
        @Override
        void due() {}
    }

    boolean isOf(long nanos) {
        return periodNanos == nanos;
    }

    @Nullable
    Timed first() {
        Timed first = end.after;
        return first == end ? null : first;
    }

    /** Adds an element that is in no line: false, and nothing happens, when the clock went back since the last one. */
    boolean append(Timed timed, long dueNanos) {
        Timed last = last();
        if (last != end && dueNanos - last.dueNanos() < 0) {
            return false;
        }
        timed.dueAt(dueNanos);
        timed.before = last;
        timed.after = end;
        last.after = timed;
        end.before = timed;
        return true;
    }

    @SuppressWarnings("NullAway") // the ring is closed
    private Timed last() {
        return end.before;
    }

    /** Takes an element out of the line it is in; nothing happens when it is in none. */
    static void remove(Timed timed) {
        Timed before = timed.before;
        Timed after = timed.after;
        if (before == null || after == null) {
            return;
        }
        before.after = after;
        after.before = before;
        timed.before = null;
        timed.after = null;
    }

    /** Calls back for each element, first due first; the callback may not change the line. */
    void forEach(Consumer<Timed> each) {
        for (Timed timed = first(); timed != null && timed != end; timed = timed.after) {
            each.accept(timed);
        }
    }
}
