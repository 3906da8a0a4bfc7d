package io.leasehold.publish;

/** A publish that waits for a time to come: a stage delayed it, or it is to be written once more. */
final class Nap {
    final PendingPublish publish;
    final long until;
    int index;

    Nap(PendingPublish publish, long until) {
        this.publish = publish;
        this.until = until;
    }

    boolean isBefore(Nap other) {
        return until - other.until < 0;
    }
}
