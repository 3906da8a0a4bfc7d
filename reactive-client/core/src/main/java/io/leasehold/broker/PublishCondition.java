package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a publish may ask of its broker beyond being stored, each by the header of its name. A broker that does not know
 * one refuses the message with {@code UNSUPPORTED}: what was to be kept for a minute, or stored only once, or later,
 * must not be stored as if nobody had asked.
 */
@CheckReturnValue
public enum PublishCondition {
    /** The stream that must take it. */
    EXPECTED_STREAM("Nats-Expected-Stream"),
    /** The sequence of the last message of the stream. */
    EXPECTED_LAST_SEQUENCE("Nats-Expected-Last-Sequence"),
    /** The sequence of the last message of the same topic; 0 for none. */
    EXPECTED_LAST_SUBJECT_SEQUENCE("Nats-Expected-Last-Subject-Sequence"),
    /** The id of the last message of the stream. */
    EXPECTED_LAST_ID("Nats-Expected-Last-Msg-Id"),
    /** For how long it is kept. */
    TIME_TO_LIVE("Nats-TTL"),
    /** When it is to be published. */
    SCHEDULE("Nats-Schedule"),
    /** Where it is to be published. */
    SCHEDULE_TARGET("Nats-Schedule-Target");

    private static final String RESERVED = "nats-";
    private static final Map<String, PublishCondition> BY_HEADER = Stream.of(values())
            .collect(Collectors.toMap(condition -> condition.header.toLowerCase(Locale.ROOT), Function.identity()));

    private final String header;

    PublishCondition(String header) {
        this.header = header;
    }

    /** The name of its header. */
    public String header() {
        return header;
    }

    /** The condition of a header, by its name in any case; null when it is none. */
    public static @Nullable PublishCondition of(String name) {
        return isReserved(name) ? BY_HEADER.get(name.toLowerCase(Locale.ROOT)) : null;
    }

    /** Whether a header is the broker's own, be it a condition or not. */
    public static boolean isReserved(String name) {
        return name.regionMatches(true, 0, RESERVED, 0, RESERVED.length());
    }
}
