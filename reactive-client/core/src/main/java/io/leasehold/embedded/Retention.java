package io.leasehold.embedded;

import io.leasehold.broker.RetentionSpec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What is kept of some topics for groups that come later, whatever groups there are: the newest, within its bounds.
 */
final class Retention {
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private RetentionSpec spec;
    private long bytes;

    Retention(RetentionSpec spec) {
        this.spec = spec;
    }

    /** A message and when it was published. */
    record Kept(Stored stored, Instant at) {}

    boolean covers(String topic) {
        return spec.filter().matches(topic);
    }

    /** Whether somebody asked for just these bounds. */
    boolean isExact() {
        return spec.exact();
    }

    /** The pattern of its topics. */
    String pattern() {
        return spec.filter().pattern();
    }

    /** Whether a body of this size can be kept at all. */
    boolean fits(int sizeBytes) {
        return sizeBytes <= spec.bytesMax();
    }

    /** Holds to other bounds from now on. */
    void become(RetentionSpec other) {
        spec = other;
        trim();
    }

    void add(Stored stored, Instant at) {
        kept.addLast(new Kept(stored, at));
        bytes += stored.sizeBytes();
        trim();
    }

    private void trim() {
        while (kept.size() > spec.messagesMax() || bytes > spec.bytesMax()) {
            bytes -= kept.removeFirst().stored().sizeBytes();
        }
    }

    void forEach(Consumer<Kept> each) {
        kept.forEach(each);
    }
}
