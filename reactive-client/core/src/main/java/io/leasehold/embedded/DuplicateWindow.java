package io.leasehold.embedded;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the ids of what was published lately, per family of topics, the oldest forgotten first: a ring in the order
 * of publishing, and an open-addressed table of places in it. Nothing is allocated per message; the arrays grow with
 * what is remembered.
 */
final class DuplicateWindow {
    /** Answers for an id that is not remembered. */
    static final long UNKNOWN = -1;

    private static final int FIRST_CAPACITY = 16;
    private static final int EMPTY = -1;

    private final long windowNanos;
    private final int idsMax;
    private Ring ring = new Ring(0);
    private int[] table = {EMPTY};
    private int oldest;
    private int size;

    DuplicateWindow(EmbeddedSettings settings) {
        this.windowNanos = settings.duplicateWindow().toNanos();
        this.idsMax = settings.duplicateIds();
    }

    /** Holds what is remembered, by place. */
    private static final class Ring {
        final @Nullable String[] families;
        final @Nullable String[] ids;
        final int[] hashes;
        final long[] sequences;
        final long[] since;

        Ring(int capacity) {
            families = new @Nullable String[capacity];
            ids = new @Nullable String[capacity];
            hashes = new int[capacity];
            sequences = new long[capacity];
            since = new long[capacity];
        }

        int capacity() {
            return hashes.length;
        }

        boolean has(int place, String family, String id) {
            return id.equals(ids[place]) && family.equals(families[place]);
        }

        void put(int place, String family, String id) {
            families[place] = family;
            ids[place] = id;
            hashes[place] = hash(family, id);
        }

        void clear(int place) {
            families[place] = null;
            ids[place] = null;
        }

        void copy(int place, Ring other, int otherPlace) {
            families[place] = other.families[otherPlace];
            ids[place] = other.ids[otherPlace];
            hashes[place] = other.hashes[otherPlace];
            sequences[place] = other.sequences[otherPlace];
            since[place] = other.since[otherPlace];
        }
    }

    boolean isOff() {
        return windowNanos == 0;
    }

    int size() {
        return size;
    }

    /** Returns the sequence under which an id was published, or {@link #UNKNOWN}. */
    long find(String family, String id, long now) {
        forgetOld(now);
        int slot = hash(family, id) & (table.length - 1);
        while (table[slot] != EMPTY) {
            if (ring.has(table[slot], family, id)) {
                return ring.sequences[table[slot]];
            }
            slot = next(slot);
        }
        return UNKNOWN;
    }

    /** Remembers an id that is not remembered yet. */
    void add(String family, String id, long sequence, long now) {
        if (size == idsMax) {
            forgetOldest();
        }
        if (size == ring.capacity()) {
            grow();
        }
        int place = placeOf(size);
        ring.put(place, family, id);
        ring.sequences[place] = sequence;
        ring.since[place] = now;
        size++;
        index(place);
    }

    private void forgetOld(long now) {
        while (size > 0 && now - ring.since[oldest] >= windowNanos) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        removeIndex(oldest);
        ring.clear(oldest);
        oldest = placeOf(1);
        size--;
    }

    private int placeOf(int nth) {
        int place = oldest + nth;
        return place < ring.capacity() ? place : place - ring.capacity();
    }

    private void grow() {
        Ring larger = new Ring(Math.min(idsMax, Math.max(FIRST_CAPACITY, 2 * size)));
        for (int i = 0; i < size; i++) {
            larger.copy(i, ring, placeOf(i));
        }
        ring = larger;
        oldest = 0;
        table = new int[2 * Integer.highestOneBit(2 * ring.capacity() - 1)];
        Arrays.fill(table, EMPTY);
        for (int i = 0; i < size; i++) {
            index(i);
        }
    }

    private void index(int place) {
        int slot = home(place);
        while (table[slot] != EMPTY) {
            slot = next(slot);
        }
        table[slot] = place;
    }

    /** Takes a place out of the table and closes the gap, so that what was pushed further on is still found. */
    private void removeIndex(int place) {
        int gap = home(place);
        while (table[gap] != place) {
            gap = next(gap);
        }
        for (int slot = next(gap); table[slot] != EMPTY; slot = next(slot)) {
            if (distance(home(table[slot]), slot) >= distance(gap, slot)) {
                table[gap] = table[slot];
                gap = slot;
            }
        }
        table[gap] = EMPTY;
    }

    private int home(int place) {
        return ring.hashes[place] & (table.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (table.length - 1);
    }

    private int distance(int from, int to) {
        return (to - from) & (table.length - 1);
    }

    private static int hash(String family, String id) {
        int mixed = (31 * family.hashCode() + id.hashCode()) * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }
}
