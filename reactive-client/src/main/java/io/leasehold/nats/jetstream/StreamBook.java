package io.leasehold.nats.jetstream;

import io.leasehold.message.TopicFilter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a session know of streams together: what those that they met are like, and which ones to
 * make when they are missing. Beyond {@value #REMEMBERED_MAX} of each, others are asked for again, and not made again
 * before somebody consumes or declares them. On any thread.
 */
final class StreamBook {
    private static final int REMEMBERED_MAX = 256;

    private final Map<String, StreamFacts> known = new ConcurrentHashMap<>();
    private final Map<String, StreamSpec> wanted = new ConcurrentHashMap<>();

    /** What was told last of a stream. */
    @Nullable
    StreamFacts known(String name) {
        return known.get(name);
    }

    /** Notes what is told of a stream; returns whether nothing was known of it before. */
    boolean note(StreamFacts facts) {
        if (known.size() >= REMEMBERED_MAX && !known.containsKey(facts.name())) {
            return true;
        }
        return known.put(facts.name(), facts) == null;
    }

    /** A stream is to be there. */
    void want(StreamSpec spec) {
        if (wanted.size() < REMEMBERED_MAX) {
            wanted.put(spec.name(), spec);
        }
    }

    /** The stream that is to keep a topic. */
    Optional<StreamSpec> wantedFor(TopicFilter topic) {
        return wanted.values().stream().filter(spec -> spec.keeps(topic)).findFirst();
    }
}
