package io.leasehold.embedded;

import io.leasehold.broker.PublishRules;
import io.leasehold.message.Message;

/** Holds a message as the broker keeps it: once, however many groups wait for it. */
final class StoredMessage {
    private final Message message;
    private final long sequence;
    private final int sizeBytes;
    private int groups;

    StoredMessage(Message message, long sequence) {
        this.message = message;
        this.sequence = sequence;
        this.sizeBytes = PublishRules.sizeBytes(message);
    }

    Message message() {
        return message;
    }

    /** Returns the broker's number of the message, which is also its name within each group. */
    long sequence() {
        return sequence;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** Counts one more group; true when it is the first. */
    boolean retain() {
        groups++;
        return groups == 1;
    }

    /** Counts one group less; true when it was the last. */
    boolean release() {
        groups--;
        return groups == 0;
    }
}
