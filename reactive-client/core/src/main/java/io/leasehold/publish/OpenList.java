package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * All publishes that have not ended, the longest open first. As all have the same timeout this is also the order of
 * their deadlines; what ends leaves at once, so that memory follows what is open and not rate times timeout.
 */
final class OpenList {
    private @Nullable PendingPublish first;
    private @Nullable PendingPublish last;

    @Nullable
    PendingPublish first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    void add(PendingPublish publish) {
        publish.openBefore = last;
        if (last == null) {
            first = publish;
        } else {
            last.openAfter = publish;
        }
        last = publish;
    }

    void remove(PendingPublish publish) {
        PendingPublish before = publish.openBefore;
        PendingPublish after = publish.openAfter;
        if (before == null) {
            first = after;
        } else {
            before.openAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.openBefore = before;
        }
        publish.openBefore = null;
        publish.openAfter = null;
    }
}
