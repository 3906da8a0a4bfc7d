package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * Publishes that wait for the same thing, first come first. One is in at most one such list, and leaves it at once.
 */
final class WaitList {
    private @Nullable PendingPublish first;
    private @Nullable PendingPublish last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    PendingPublish first() {
        return first;
    }

    void add(PendingPublish publish) {
        publish.waitsBefore = last;
        if (last == null) {
            first = publish;
        } else {
            last.waitsAfter = publish;
        }
        last = publish;
    }

    @Nullable
    PendingPublish poll() {
        PendingPublish publish = first;
        if (publish != null) {
            remove(publish);
        }
        return publish;
    }

    void remove(PendingPublish publish) {
        PendingPublish before = publish.waitsBefore;
        PendingPublish after = publish.waitsAfter;
        if (before == null) {
            first = after;
        } else {
            before.waitsAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.waitsBefore = before;
        }
        publish.waitsBefore = null;
        publish.waitsAfter = null;
    }
}
