package io.leasehold.embedded;

/**
 * Counts what the groups hold together, and tells whether more fits. Confined to the broker's turn, but for the
 * numbers of messages and bytes, which any thread may read.
 */
final class Capacity {
    private final int messagesMax;
    private final long bytesMax;
    private final Counter messages = new Counter();
    private final Counter bytes = new Counter();
    private long freed;

    Capacity(EmbeddedSettings settings) {
        this.messagesMax = settings.capacityMessages();
        this.bytesMax = settings.capacityBytes();
    }

    boolean fits(int sizeBytes) {
        return messages.get() < messagesMax && bytes.get() + sizeBytes <= bytesMax;
    }

    /** Counts a message that a group takes on; the first group to do so pays for it. */
    void take(StoredMessage stored) {
        if (stored.retain()) {
            messages.add(1);
            bytes.add(stored.sizeBytes());
        }
    }

    /** Counts a message that a group is done with; the last group to be done frees its room. */
    void release(StoredMessage stored) {
        if (stored.release()) {
            messages.add(-1);
            bytes.add(-stored.sizeBytes());
            freed++;
        }
    }

    /** Returns how often room was made; in the broker's turn. */
    long freed() {
        return freed;
    }

    long messages() {
        return messages.get();
    }

    long bytes() {
        return bytes.get();
    }
}
