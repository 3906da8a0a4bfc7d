package io.leasehold.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group has to deliver: first what comes again, then what is new. A new message costs no more than its place
 * in the queue. What was settled or delayed while it waited to come again keeps its place and is skipped.
 */
final class Backlog {
    private final Group group;
    private final ArrayDeque<Held> again = new ArrayDeque<>(4);
    private final ArrayDeque<Stored> fresh = new ArrayDeque<>();
    private final Tally size = new Tally();

    Backlog(Group group) {
        this.group = group;
    }

    long size() {
        return size.get();
    }

    void add(Stored stored) {
        fresh.addLast(stored);
        size.add(1);
    }

    void addAgain(Held held) {
        size.add(1);
        if (!held.isInBacklog) {
            held.isInBacklog = true;
            again.addLast(held);
        }
    }

    /** One that waited here waits no more: it is delivered, or was settled or delayed meanwhile. */
    void left() {
        size.add(-1);
    }

    /** The next to deliver, still counted until it has {@link #left}; null when there is none. */
    @Nullable
    Held poll() {
        Held next = pollAgain();
        if (next != null) {
            return next;
        }
        Stored stored = fresh.pollFirst();
        return stored == null ? null : new Held(group, stored);
    }

    private @Nullable Held pollAgain() {
        Held held = again.pollFirst();
        while (held != null) {
            held.isInBacklog = false;
            if (held.is(HeldState.QUEUED)) {
                return held;
            }
            held = again.pollFirst();
        }
        return null;
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    /** Takes everything out that waits here. */
    List<Held> drain() {
        List<Held> all = new ArrayList<>();
        for (Held next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    /** Takes one message out, delivered before or not; null when it does not wait here. */
    @Nullable
    Held take(long sequence) {
        for (Held held : again) {
            if (held.is(HeldState.QUEUED) && held.stored().sequence() == sequence) {
                return held;
            }
        }
        for (Stored stored : fresh) {
            if (stored.sequence() == sequence) {
                fresh.remove(stored);
                return new Held(group, stored);
            }
        }
        return null;
    }
}
