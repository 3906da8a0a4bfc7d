package io.leasehold.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queues what a group has to deliver: first what comes again, then what is new. A new message costs no more than its
 * place in the queue. What was settled or delayed while it waited to come again keeps its place and is skipped.
 * Confined to the broker's turn, but for its size.
 */
final class Backlog {
    private final Group group;
    private final ArrayDeque<PendingMessage> again = new ArrayDeque<>(4);
    private final ArrayDeque<StoredMessage> fresh = new ArrayDeque<>();
    private final Counter size = new Counter();

    Backlog(Group group) {
        this.group = group;
    }

    /** Returns how many messages wait; may be asked on any thread. */
    long size() {
        return size.get();
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    /** Adds a message that was never delivered. */
    void add(StoredMessage stored) {
        fresh.addLast(stored);
        size.add(1);
    }

    /** Adds a message that was delivered before. */
    void addAgain(PendingMessage message) {
        size.add(1);
        if (!message.isInBacklog) {
            message.isInBacklog = true;
            again.addLast(message);
        }
    }

    /** Counts one less: it is delivered, or was settled or delayed while it waited here. */
    void left() {
        size.add(-1);
    }

    /** Returns the next to deliver, still counted until it has {@link #left}; null when there is none. */
    @Nullable
    PendingMessage poll() {
        PendingMessage next = pollAgain();
        if (next != null) {
            return next;
        }
        StoredMessage stored = fresh.pollFirst();
        return stored == null ? null : new PendingMessage(group, stored);
    }

    private @Nullable PendingMessage pollAgain() {
        PendingMessage message = again.pollFirst();
        while (message != null) {
            message.isInBacklog = false;
            if (message.is(MessageState.QUEUED)) {
                return message;
            }
            message = again.pollFirst();
        }
        return null;
    }

    /** Takes everything out that waits here. */
    List<PendingMessage> drain() {
        List<PendingMessage> all = new ArrayList<>();
        for (PendingMessage next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    /** Takes one message out, delivered before or not; null when it does not wait here. */
    @Nullable
    PendingMessage take(long sequence) {
        for (PendingMessage message : again) {
            if (message.is(MessageState.QUEUED) && message.stored().sequence() == sequence) {
                return message;
            }
        }

        for (StoredMessage stored : fresh) {
            if (stored.sequence() == sequence) {
                fresh.remove(stored);
                return new PendingMessage(group, stored);
            }
        }

        return null;
    }
}
