package io.leasehold.embedded;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is due at any time, nearest first. Each element knows its place, so that taking one out leaves nothing behind
 * that could fire later: the heap holds what is armed, and nothing else.
 */
final class TimedHeap {
    private static final int FIRST_CAPACITY = 8;

    private @Nullable Timed[] heap = new @Nullable Timed[FIRST_CAPACITY];
    private int size;

    @Nullable
    Timed first() {
        return heap[0];
    }

    int size() {
        return size;
    }

    /** Adds an element, or moves it when it is here already. */
    void put(Timed timed, long dueNanos) {
        if (timed.place == Timed.IDLE) {
            insert(timed, dueNanos);
        } else {
            timed.dueNanos = dueNanos;
            settle(timed, timed.place);
        }
    }

    private void insert(Timed timed, long dueNanos) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        timed.dueNanos = dueNanos;
        size++;
        rise(timed, size - 1);
    }

    /** Takes an element out; nothing happens when it is not here. */
    void remove(Timed timed) {
        int hole = timed.place;
        if (hole == Timed.IDLE) {
            return;
        }
        timed.place = Timed.IDLE;
        size--;
        Timed last = at(size);
        heap[size] = null;
        if (last != timed) {
            settle(last, hole);
        }
    }

    /** Changes when each element is due, whatever that does to their order. */
    void changeAll(Consumer<Timed> change) {
        for (int i = 0; i < size; i++) {
            change.accept(at(i));
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(at(i), i);
        }
    }

    /** Calls back for each element; the callback may not change the heap. */
    void forEach(Consumer<Timed> each) {
        for (int i = 0; i < size; i++) {
            each.accept(at(i));
        }
    }

    private void settle(Timed timed, int place) {
        if (place > 0 && timed.isBefore(at((place - 1) / 2))) {
            rise(timed, place);
        } else {
            sink(timed, place);
        }
    }

    private void rise(Timed timed, int from) {
        int place = from;
        while (place > 0 && timed.isBefore(at((place - 1) / 2))) {
            set(at((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        set(timed, place);
    }

    private void sink(Timed timed, int from) {
        int place = from;
        int child = lesserChild(place);
        while (child < size && at(child).isBefore(timed)) {
            set(at(child), place);
            place = child;
            child = lesserChild(place);
        }
        set(timed, place);
    }

    private int lesserChild(int place) {
        int left = 2 * place + 1;
        int right = left + 1;
        return right < size && at(right).isBefore(at(left)) ? right : left;
    }

    private void set(Timed timed, int place) {
        heap[place] = timed;
        timed.place = place;
    }

    @SuppressWarnings("NullAway") // below size there is always an element
    private Timed at(int place) {
        return heap[place];
    }
}
