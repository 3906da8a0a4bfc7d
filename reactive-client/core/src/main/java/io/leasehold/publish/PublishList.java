package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * Lists publishes, first come first. The links are in the publishes, so that adding allocates nothing and each leaves
 * from anywhere at once. A publish has two pairs of links: one for the list of what is open, one for the one list at
 * most in which it waits. Touched in turns only.
 */
final class PublishList {
    private final boolean ofOpen;
    private @Nullable PendingPublish first;
    private @Nullable PendingPublish last;

    private PublishList(boolean ofOpen) {
        this.ofOpen = ofOpen;
    }

    /**
     * Makes the list of all publishes that have not ended, the longest open first. As all have the same timeout this is
     * also the order of their deadlines; what ends leaves at once, so that memory follows what is open and not rate
     * times timeout.
     */
    static PublishList ofOpen() {
        return new PublishList(true);
    }

    /** Makes a list of publishes that wait for the same thing. */
    static PublishList ofWaiting() {
        return new PublishList(false);
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    PendingPublish first() {
        return first;
    }

    /** Returns the one behind a publish that is in this list; null when there is none. */
    @Nullable
    PendingPublish after(PendingPublish publish) {
        return ofOpen ? publish.openAfter : publish.waitsAfter;
    }

    private @Nullable PendingPublish before(PendingPublish publish) {
        return ofOpen ? publish.openBefore : publish.waitsBefore;
    }

    void add(PendingPublish publish) {
        link(last, publish);
        link(publish, null);
    }

    /** Takes the first out; null when there is none. */
    @Nullable
    PendingPublish poll() {
        PendingPublish publish = first;
        if (publish != null) {
            remove(publish);
        }
        return publish;
    }

    /** Takes a publish out that is in this list. */
    void remove(PendingPublish publish) {
        link(before(publish), after(publish));

        if (ofOpen) {
            publish.openBefore = null;
            publish.openAfter = null;
        } else {
            publish.waitsBefore = null;
            publish.waitsAfter = null;
        }
    }

    /** Makes two neighbours; null is the end of the list on that side. */
    private void link(@Nullable PendingPublish before, @Nullable PendingPublish after) {
        if (before == null) {
            first = after;
        } else if (ofOpen) {
            before.openAfter = after;
        } else {
            before.waitsAfter = after;
        }

        if (after == null) {
            last = before;
        } else if (ofOpen) {
            after.openBefore = before;
        } else {
            after.waitsBefore = before;
        }
    }
}
