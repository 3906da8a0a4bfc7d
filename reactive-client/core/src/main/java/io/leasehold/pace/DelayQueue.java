package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds what waits for an instant, the next first: a binary heap whose entries know their places, so that each leaves
 * at any time and nothing stays behind that could still come due. One thread at a time.
 *
 * @param <E> the entries
 */
@Internal
public final class DelayQueue<E extends DelayQueue.Entry> {
    /** Is what can wait in a queue: in one queue only, and once at a time. */
    public abstract static class Entry {
        private static final int NOWHERE = -1;

        private long dueNanos;
        private int place = NOWHERE;

        /** Returns the instant that this entry waits for, or has waited for last. */
        public final long dueNanos() {
            return dueNanos;
        }

        /** Tells whether this entry waits in a queue. */
        public final boolean isQueued() {
            return place != NOWHERE;
        }

        /**
         * Sets the instant of an entry that waits in no queue, or of one that is given to a {@link DelayQueue#changeAll
         * change of all}.
         */
        protected final void dueNanos(long instant) {
            dueNanos = instant;
        }

        /** Tells whether this entry is due earlier than the other one. */
        public final boolean isBefore(Entry other) {
            return dueNanos - other.dueNanos < 0;
        }
    }

    private static final int FIRST_CAPACITY = 8;

    private @Nullable Entry[] heap = new @Nullable Entry[FIRST_CAPACITY];
    private int size;

    /** Tells how many entries wait. */
    public int size() {
        return size;
    }

    /** Returns the entry that is due next; null when there is none. */
    @SuppressWarnings("unchecked")
    public @Nullable E first() {
        return (E) heap[0];
    }

    /** Has an entry wait for an instant; one that waits here already is moved to it. */
    public void put(E entry, long dueNanos) {
        Entry moved = entry;
        moved.dueNanos = dueNanos;
        if (moved.isQueued()) {
            settle(moved, moved.place);
            return;
        }

        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        size++;
        rise(moved, size - 1);
    }

    /** Takes an entry out; does nothing when it does not wait. */
    public void remove(E entry) {
        Entry removed = entry;
        int hole = removed.place;
        if (!removed.isQueued()) {
            return;
        }

        removed.place = Entry.NOWHERE;
        size--;
        Entry last = at(size);
        heap[size] = null;
        if (last != removed) {
            settle(last, hole);
        }
    }

    /** Takes the first entry out whose instant has come; null when there is none. */
    public @Nullable E pollDue(long now) {
        E first = first();
        if (first == null || first.dueNanos() - now > 0) {
            return null;
        }

        remove(first);
        return first;
    }

    /** Changes when each entry is due, whatever that does to their order. */
    @SuppressWarnings("unchecked")
    public void changeAll(Consumer<? super E> change) {
        for (int i = 0; i < size; i++) {
            change.accept((E) at(i));
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(at(i), i);
        }
    }

    /** Gives each entry to a callback, in no order; the callback may not change the queue. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super E> each) {
        for (int i = 0; i < size; i++) {
            each.accept((E) at(i));
        }
    }

    private void settle(Entry entry, int place) {
        if (place > 0 && entry.isBefore(at((place - 1) / 2))) {
            rise(entry, place);
        } else {
            sink(entry, place);
        }
    }

    private void rise(Entry entry, int from) {
        int place = from;
        while (place > 0 && entry.isBefore(at((place - 1) / 2))) {
            set(at((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        set(entry, place);
    }

    private void sink(Entry entry, int from) {
        int place = from;
        int child = lesserChild(place);
        while (child < size && at(child).isBefore(entry)) {
            set(at(child), place);
            place = child;
            child = lesserChild(place);
        }
        set(entry, place);
    }

    private int lesserChild(int place) {
        int left = 2 * place + 1;
        int right = left + 1;
        return right < size && at(right).isBefore(at(left)) ? right : left;
    }

    private void set(Entry entry, int place) {
        heap[place] = entry;
        entry.place = place;
    }

    @SuppressWarnings("NullAway") // below size there is always an entry
    private Entry at(int place) {
        return heap[place];
    }
}
