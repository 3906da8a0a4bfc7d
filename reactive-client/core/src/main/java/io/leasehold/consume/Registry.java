package io.leasehold.consume;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that a dispatcher holds, one per message: a hash table whose nodes are the deliveries themselves, so
 * that holding one allocates nothing.
 *
 * @param <D> the deliveries
 */
final class Registry<D extends Registry.Entry> {
    private static final int FIRST_SIZE = 16;

    private @Nullable Entry[] table = new Entry[FIRST_SIZE];
    private int size;

    /** What a registry holds: the node of its table, and a turn of the dispatcher that it belongs to. */
    abstract static class Entry extends Turn {
        /** The next one in the same row of the table. */
        @Nullable
        Entry beside;

        /** Names its message within the group. */
        abstract Object ref();
    }

    private static int index(Object ref, int length) {
        int hash = ref.hashCode();
        return (hash ^ (hash >>> 16)) & (length - 1);
    }

    /** Gives the one of a message, or null. */
    @SuppressWarnings("unchecked") // nothing else is ever put in
    @Nullable
    D get(Object ref) {
        Entry one = table[index(ref, table.length)];
        while (one != null && !one.ref().equals(ref)) {
            one = one.beside;
        }
        return (D) one;
    }

    /** Adds one of whose message there is none. */
    void add(D delivery) {
        if (size >= table.length / 4 * 3) {
            grow();
        }
        size++;
        append(delivery);
    }

    private void append(Entry delivery) {
        int index = index(delivery.ref(), table.length);
        Entry last = table[index];
        if (last == null) {
            table[index] = delivery;
            return;
        }

        while (last.beside != null) {
            last = last.beside;
        }
        last.beside = delivery;
    }

    private void grow() {
        List<D> all = all();
        table = new Entry[2 * table.length];
        for (D delivery : all) {
            delivery.beside = null;
            append(delivery);
        }
    }

    /** Removes one that is there. */
    void remove(D delivery) {
        size--;
        unlink(delivery, delivery.beside);
    }

    /** Puts another one of the same message in the place of one that is there. */
    void replace(D delivery, D other) {
        other.beside = delivery.beside;
        unlink(delivery, other);
    }

    private void unlink(D delivery, @Nullable Entry following) {
        int index = index(delivery.ref(), table.length);
        Entry before = table[index];

        if (before == delivery) {
            table[index] = following;
        } else {
            while (before != null && before.beside != delivery) {
                before = before.beside;
            }
            if (before != null) {
                before.beside = following;
            }
        }
        delivery.beside = null;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Lists all of them. */
    @SuppressWarnings("unchecked") // nothing else is ever put in
    List<D> all() {
        List<D> all = new ArrayList<>(size);
        for (Entry first : table) {
            for (Entry one = first; one != null; one = one.beside) {
                all.add((D) one);
            }
        }
        return all;
    }
}
