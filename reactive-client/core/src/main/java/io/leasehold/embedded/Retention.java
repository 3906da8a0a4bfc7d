package io.leasehold.embedded;

import io.leasehold.broker.RetentionSpec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Keeps messages of some topics for groups that come later, whatever groups there are: the newest, within its bounds.
 */
final class Retention {
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private RetentionSpec spec;
    private long bytes;

    Retention(RetentionSpec spec) {
        this.spec = spec;
    }

    /** Pairs a message with the instant at which it was published. */
    record Kept(StoredMessage stored, Instant at) {}

    boolean covers(String topic) {
        return spec.filter().matches(topic);
    }

    /** Tells whether somebody asked for just these bounds. */
    boolean isExact() {
        return spec.retention().isExact();
    }

    /** Returns the pattern of its topics. */
    String pattern() {
        return spec.filter().pattern();
    }

    /** Tells whether a body of this size can be kept at all. */
    boolean fits(int sizeBytes) {
        return sizeBytes <= spec.retention().bytesMax();
    }

    /** Changes its bounds, and drops what they leave no room for. */
    void become(RetentionSpec other) {
        spec = other;
        trim();
    }

    void add(StoredMessage stored, Instant at) {
        kept.addLast(new Kept(stored, at));
        bytes += stored.sizeBytes();
        trim();
    }

    private void trim() {
        while (kept.size() > spec.retention().messagesMax()
                || bytes > spec.retention().bytesMax()) {
            bytes -= kept.removeFirst().stored().sizeBytes();
        }
    }

    void forEach(Consumer<Kept> each) {
        kept.forEach(each);
    }
}
