package io.leasehold.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tasks to come, the next one first: by time, then in the order in which they were added. */
final class SimHeap {
    private SimTask[] tasks = new SimTask[256];
    private int size;
    private long seq;

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    SimTask peek() {
        return size == 0 ? null : tasks[0];
    }

    void add(SimTask task) {
        task.seq = seq++;
        if (size == tasks.length) {
            tasks = Arrays.copyOf(tasks, size * 2);
        }
        int i = size++;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!task.isBefore(tasks[parent])) {
                break;
            }
            tasks[i] = tasks[parent];
            i = parent;
        }
        tasks[i] = task;
    }

    SimTask poll() {
        SimTask first = tasks[0];
        SimTask last = tasks[--size];
        tasks[size] = null;
        if (size > 0) {
            siftDown(last);
        }
        return first;
    }

    /** The number of the last task that was added. */
    long lastSeq() {
        return seq - 1;
    }

    /** Moves all tasks of a node to later that were added before some other task. */
    void shift(SimNode node, long nanos, long lastSeq) {
        SimTask[] all = Arrays.copyOf(tasks, size);
        Arrays.fill(tasks, 0, size, null);
        size = 0;
        Arrays.sort(all, (a, b) -> a.isBefore(b) ? -1 : 1);
        for (SimTask task : all) {
            if (task.lane.node == node && task.seq <= lastSeq) {
                task.at += nanos;
            }
            add(task);
        }
    }

    private void siftDown(SimTask task) {
        int i = 0;
        int half = size >>> 1;
        while (i < half) {
            int child = 2 * i + 1;
            if (child + 1 < size && tasks[child + 1].isBefore(tasks[child])) {
                child++;
            }
            if (!tasks[child].isBefore(task)) {
                break;
            }
            tasks[i] = tasks[child];
            i = child;
        }
        tasks[i] = task;
    }
}
