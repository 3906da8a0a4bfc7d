package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/**
 * Holds what the server tells of a stream.
 *
 * @param name its name
 * @param config its configuration
 * @param created when it was made; {@link Instant#MIN} where that cannot be read
 * @param lastSequence the sequence of its latest message
 */
record StreamInfo(String name, ApiResponse config, Instant created, long lastSequence) {
    // Each server of a cluster before 2.11 has an instant of its own, some milliseconds beside those of the others.
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** Reads the answer that tells of a stream. */
    static StreamInfo of(ApiResponse info) {
        ApiResponse config = info.part("config");
        return new StreamInfo(
                config.text("name"),
                config,
                instant(info.text("created")),
                info.part("state").number("last_seq", 0));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException unreadable) {
            return Instant.MIN;
        }
    }

    /** Returns the filters of the topics that it keeps. */
    List<String> subjects() {
        return config.texts("subjects");
    }

    /** Tells whether it keeps all topics of a filter, by one of its subjects. */
    boolean keepsAll(TopicFilter filter) {
        return subjects().stream().anyMatch(subject -> takes(subject, filter, false));
    }

    /** Tells whether it keeps some topic of a filter. */
    boolean keepsSome(TopicFilter filter) {
        return subjects().stream().anyMatch(subject -> takes(subject, filter, true));
    }

    // StreamProvisioning of others may have subjects that are no filters of ours.
    private static boolean takes(String subject, TopicFilter filter, boolean some) {
        try {
            TopicFilter kept = TopicFilter.of(subject);
            return some ? kept.overlaps(filter) : kept.covers(filter);
        } catch (MessagingException noFilter) {
            return false;
        }
    }

    /** Tells whether it keeps exactly these. */
    boolean keepsExactly(List<String> filters) {
        return new HashSet<>(subjects()).equals(new HashSet<>(filters));
    }

    /** Tells whether messages are dropped that no group waits for. */
    boolean keepsByInterest() {
        return config.text("retention").equals("interest");
    }

    /** Tells whether it stores what is published without confirming it. */
    boolean confirmsNothing() {
        return config.flag("no_ack");
    }

    /** Returns for how long it knows ids. */
    Duration duplicateWindow() {
        return Duration.ofNanos(config.number("duplicate_window", 0));
    }

    /** Tells whether this is the same stream as one that was told of before, and no other of its name. */
    boolean isSameAs(StreamInfo before) {
        return name.equals(before.name)
                && !created.equals(Instant.MIN)
                && !before.created.equals(Instant.MIN)
                && Duration.between(before.created, created).abs().compareTo(TOLERANCE) <= 0;
    }
}
