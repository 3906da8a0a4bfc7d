package io.leasehold.publish;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places of the window, a bound in messages and one in bytes, and who waits for one, first come first: nobody is
 * overtaken by what is lighter. Touched in turns only, but for the numbers, which anybody may
 * read.
 */
final class Slots {
    private final WaitList waiting = new WaitList();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final AtomicInteger untold = new AtomicInteger();
    private final int size;
    private final int sizeBytes;
    private final int parkedMax;
    private long takenBytes;

    Slots(PublishSettings settings) {
        this.size = settings.window();
        this.sizeBytes = settings.windowBytes();
        this.parkedMax = settings.waiting();
    }

    /** Takes a place, unless there is none or somebody else waits for it. */
    boolean tryTake(PendingPublish publish) {
        return waiting.isEmpty() && take(publish);
    }

    // A message that is heavier than the bound goes when it is alone.
    private boolean take(PendingPublish publish) {
        int before = taken.getPlain();
        long bytes = takenBytes + publish.weightBytes();
        if (before >= size || (before > 0 && bytes > sizeBytes)) {
            return false;
        }
        taken.lazySet(before + 1);
        takenBytes = bytes;
        return true;
    }

    void release(PendingPublish publish) {
        taken.lazySet(taken.getPlain() - 1);
        takenBytes -= publish.weightBytes();
    }

    void await(PendingPublish publish) {
        waiting.add(publish);
    }

    void giveUp(PendingPublish publish) {
        waiting.remove(publish);
    }

    /** The first that waits, with a place; null when nobody waits or no place is free. */
    @Nullable
    PendingPublish pollWithPlace() {
        PendingPublish first = waiting.first();
        return first != null && take(first) ? waiting.poll() : null;
    }

    /** Counts one that waits, for whatever; false when the bound is reached. */
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
     * Counts a single publish until its caller was told; false when there are as many as have a place or may wait. On
     * any thread: a caller who is faster than the signals is refused where it calls, so that signals do not pile up.
     */
    boolean tryAdmit() {
        if (untold.incrementAndGet() <= size + parkedMax) {
            return true;
        }
        untold.decrementAndGet();
        return false;
    }

    void told() {
        untold.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }

    int parked() {
        return parked.get();
    }
}
