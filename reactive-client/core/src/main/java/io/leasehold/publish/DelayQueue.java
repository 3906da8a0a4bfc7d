package io.leasehold.publish;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits for a time to come, the next first: a binary heap that each can leave at any time. */
final class DelayQueue {
    private final List<Nap> heap = new ArrayList<>();

    @Nullable
    Nap first() {
        return heap.isEmpty() ? null : heap.get(0);
    }

    void add(PendingPublish publish, long until) {
        Nap nap = new Nap(publish, until);
        publish.nap = nap;
        heap.add(nap);
        put(nap, heap.size() - 1);
        rise(nap);
    }

    void remove(PendingPublish publish) {
        Nap nap = publish.nap;
        if (nap == null) {
            return;
        }
        publish.nap = null;
        Nap moved = heap.remove(heap.size() - 1);
        if (moved != nap) {
            put(moved, nap.index);
            rise(moved);
            sink(moved);
        }
    }

    /** The first whose time has come, taken out; null when there is none. */
    @Nullable
    PendingPublish pollDue(long now) {
        Nap first = first();
        if (first == null || first.until - now > 0) {
            return null;
        }
        remove(first.publish);
        return first.publish;
    }

    private void put(Nap nap, int index) {
        heap.set(index, nap);
        nap.index = index;
    }

    private void swap(Nap one, Nap other) {
        int index = one.index;
        put(one, other.index);
        put(other, index);
    }

    private void rise(Nap nap) {
        while (nap.index > 0) {
            Nap parent = heap.get((nap.index - 1) / 2);
            if (!nap.isBefore(parent)) {
                return;
            }
            swap(nap, parent);
        }
    }

    private void sink(Nap nap) {
        Nap child = smallerChild(nap.index);
        while (child != null && child.isBefore(nap)) {
            swap(nap, child);
            child = smallerChild(nap.index);
        }
    }

    private @Nullable Nap smallerChild(int index) {
        int left = 2 * index + 1;
        if (left >= heap.size()) {
            return null;
        }
        Nap one = heap.get(left);
        Nap other = left + 1 < heap.size() ? heap.get(left + 1) : one;
        return other.isBefore(one) ? other : one;
    }
}
