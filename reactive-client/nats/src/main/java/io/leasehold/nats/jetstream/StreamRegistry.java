package io.leasehold.nats.jetstream;

import io.leasehold.message.TopicFilter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the connections of a session know of streams together: what those that they met are like, and which ones
 * to make when they are missing, and where groups that were deleted go on. Beyond {@value #REMEMBERED_MAX} of each,
 * others are asked for again, not made again before somebody consumes or declares them, and begin with the first
 * message. On any thread.
 */
final class StreamRegistry {
    private static final int REMEMBERED_MAX = 256;

    private final Map<String, StreamInfo> known = new ConcurrentHashMap<>();
    private final Map<String, StreamSpec> wanted = new ConcurrentHashMap<>();
    private final Map<String, Former> formers = new ConcurrentHashMap<>();

    /**
     * Is a group that was deleted.
     *
     * @param stream what its stream was like; null when that was never told
     * @param floor up to this sequence everything was settled
     */
    record Former(@Nullable StreamInfo stream, long floor) {}

    /** Returns what was told last of a stream. */
    @Nullable
    StreamInfo known(String name) {
        return known.get(name);
    }

    /** Notes what is told of a stream; returns whether nothing was known of it before. */
    boolean note(StreamInfo facts) {
        if (known.size() >= REMEMBERED_MAX && !known.containsKey(facts.name())) {
            return true;
        }
        return known.put(facts.name(), facts) == null;
    }

    /** Notes that a stream is to be there. */
    void want(StreamSpec spec) {
        if (wanted.size() < REMEMBERED_MAX) {
            wanted.put(spec.name(), spec);
        }
    }

    /** Notes that a group was deleted, and may be made again. */
    void lost(String group, Former former) {
        if (formers.size() < REMEMBERED_MAX || formers.containsKey(group)) {
            formers.put(group, former);
        }
    }

    /** Returns what is known of a group that was deleted; null when it never was. */
    @Nullable
    Former former(String group) {
        return formers.get(group);
    }

    /** Notes that the group is there again. */
    void found(String group) {
        formers.remove(group);
    }

    /** Returns the stream that is to keep a topic. */
    Optional<StreamSpec> wantedFor(TopicFilter topic) {
        return wanted.values().stream().filter(spec -> spec.keeps(topic)).findFirst();
    }
}
