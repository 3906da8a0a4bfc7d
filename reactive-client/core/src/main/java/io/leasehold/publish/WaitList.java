package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * Publishes that wait for the same thing, first come first. One is in at most one such list, and leaves it at once.
 */
final class WaitList {
    private @Nullable Publish first;
    private @Nullable Publish last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Publish first() {
        return first;
    }

    void add(Publish publish) {
        publish.waitsBefore = last;
        if (last == null) {
            first = publish;
        } else {
            last.waitsAfter = publish;
        }
        last = publish;
    }

    @Nullable
    Publish poll() {
        Publish publish = first;
        if (publish != null) {
            remove(publish);
        }
        return publish;
    }

    void remove(Publish publish) {
        Publish before = publish.waitsBefore;
        Publish after = publish.waitsAfter;
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
