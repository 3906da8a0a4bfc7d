package io.leasehold.publish;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the slots of the window, a bound in messages and one in bytes, and who is in front of it. Touched in turns
 * only, but for {@link #tryAdmit()}, {@link #signalled()} and the numbers, which are for any thread.
 */
final class Slots {
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();
    private final int size;
    private final int sizeBytes;
    private final int parkedMax;
    private long takenBytes;

    Slots(PublishSettings settings) {
        this.size = settings.window();
        this.sizeBytes = settings.windowBytes();
        this.parkedMax = settings.waiting();
    }

    /** Takes a slot for so many bytes; false when they do not fit. What is heavier than the bound fits alone. */
    boolean tryTake(long weightBytes) {
        int before = taken.getPlain();
        long bytes = takenBytes + weightBytes;
        if (before >= size || (before > 0 && bytes > sizeBytes)) {
            return false;
        }

        taken.lazySet(before + 1);
        takenBytes = bytes;
        return true;
    }

    /** Gives a slot back, with as many bytes as it was taken for. */
    void release(long weightBytes) {
        taken.lazySet(taken.getPlain() - 1);
        takenBytes -= weightBytes;
    }

    /** Counts a single publish that waits, for whatever; false when the bound is reached. */
    boolean tryPark() {
        if (parked.getPlain() >= parkedMax) {
            return false;
        }

        parked.lazySet(parked.getPlain() + 1);
        return true;
    }

    void unpark() {
        parked.lazySet(parked.getPlain() - 1);
    }

    /**
     * Counts a single publish until its subscriber was told; false when there are as many as have a slot or may wait.
     * On any thread: a caller who is faster than the signals is refused where it calls, so that signals do not pile up.
     */
    boolean tryAdmit() {
        if (admitted.incrementAndGet() <= size + parkedMax) {
            return true;
        }
        admitted.decrementAndGet();
        return false;
    }

    /** Counts down: the subscriber of an admitted publish was told, or has left. */
    void signalled() {
        admitted.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }

    int parked() {
        return parked.get();
    }
}
