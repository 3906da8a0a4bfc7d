package io.leasehold.embedded;

/** How much the groups hold together, and whether more fits. Used in the broker's turn; the numbers by anybody. */
final class Room {
    private final int messagesMax;
    private final long bytesMax;
    private final Tally messages = new Tally();
    private final Tally bytes = new Tally();
    private long freed;

    Room(EmbeddedSettings settings) {
        this.messagesMax = settings.capacityMessages();
        this.bytesMax = settings.capacityBytes();
    }

    boolean fits(int sizeBytes) {
        return messages.get() < messagesMax && bytes.get() + sizeBytes <= bytesMax;
    }

    /** A group takes a message; the first one to do so pays for it. */
    void take(Stored stored) {
        if (stored.retain()) {
            messages.add(1);
            bytes.add(stored.sizeBytes());
        }
    }

    /** A group is done with a message. */
    void leave(Stored stored) {
        if (stored.release()) {
            messages.add(-1);
            bytes.add(-stored.sizeBytes());
            freed++;
        }
    }

    /** How often room was made; in the broker's turn. */
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
