package io.leasehold.embedded;

import io.leasehold.broker.PublishRules;
import io.leasehold.message.Message;

/** A message as the broker keeps it: once, however many groups wait for it. */
final class Stored {
    private final Message message;
    private final long sequence;
    private final int sizeBytes;
    private int groups;

    Stored(Message message, long sequence) {
        this.message = message;
        this.sequence = sequence;
        this.sizeBytes = PublishRules.sizeBytes(message);
    }

    Message message() {
        return message;
    }

    /** The broker's number of it; also its name within each group. */
    long sequence() {
        return sequence;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** One more group has it: whether it is the first. */
    boolean retain() {
        groups++;
        return groups == 1;
    }

    /** One group less has it: whether it was the last. */
    boolean release() {
        groups--;
        return groups == 0;
    }
}
