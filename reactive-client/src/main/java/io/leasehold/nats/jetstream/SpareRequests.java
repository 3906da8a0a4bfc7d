package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.Subject;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What one publish leaves to the next: requests that have ended, and the topic as a subject. What does not fit is left
 * to the garbage collector.
 */
final class SpareRequests {
    private static final int SIZE = 1024;

    private final AtomicReferenceArray<@Nullable PublishRequest> ring = new AtomicReferenceArray<>(SIZE);
    private volatile Topic last = new Topic("none", Subject.of("none"));
    private int given;
    // Whoever loses a count to another thread finds an empty place, and makes a request of its own.
    private int taken;

    private record Topic(String name, Subject subject) {}

    /** A topic as a subject; mostly that of the publish before. On any thread. */
    Subject subjectOf(String topic) {
        Topic known = last;
        if (!known.name().equals(topic)) {
            known = new Topic(topic, Subject.of(topic));
            last = known;
        }
        return known.subject();
    }

    /** One of them; null when there is none at hand. On any thread. */
    @Nullable
    PublishRequest take() {
        int place = taken++ & (SIZE - 1);
        return ring.get(place) == null ? null : ring.getAndSet(place, null);
    }

    /** Puts one back. On the connection's thread. */
    void give(PublishRequest request) {
        int place = given++ & (SIZE - 1);
        if (ring.get(place) == null) {
            ring.lazySet(place, request);
        }
    }
}
