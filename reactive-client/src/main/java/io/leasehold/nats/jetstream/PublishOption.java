package io.leasehold.nats.jetstream;

import io.leasehold.message.Headers;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The headers by which a publish tells its stream more than where it goes. Servers that do not know one store it and
 * do nothing: so each names the level of the JetStream API from which it is known.
 */
public enum PublishOption {
    /** The stream that must take it. */
    EXPECTED_STREAM("Nats-Expected-Stream", 0),
    /** The sequence of the last message of the stream. */
    EXPECTED_LAST_SEQUENCE("Nats-Expected-Last-Sequence", 0),
    /** The sequence of the last message of the same topic; 0 for none. */
    EXPECTED_LAST_SUBJECT_SEQUENCE("Nats-Expected-Last-Subject-Sequence", 0),
    /** The id of the last message of the stream. */
    EXPECTED_LAST_ID("Nats-Expected-Last-Msg-Id", 0),
    /** For how long it is kept. */
    TIME_TO_LIVE("Nats-TTL", 1),
    /** When it is to be published. */
    SCHEDULE("Nats-Schedule", 2),
    /** Where it is to be published. */
    SCHEDULE_TARGET("Nats-Schedule-Target", 2);

    private static final String RESERVED = "nats-";
    private static final Map<String, PublishOption> BY_HEADER = Stream.of(values())
            .collect(Collectors.toMap(option -> option.header.toLowerCase(Locale.ROOT), Function.identity()));

    private final String header;
    private final int level;

    PublishOption(String header, int level) {
        this.header = header;
        this.level = level;
    }

    /** The name of its header. */
    public String header() {
        return header;
    }

    /** Whether a header is one of these. */
    static boolean isOne(String name) {
        return BY_HEADER.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a header is the server's, be it one of these or not. */
    static boolean isReserved(String name) {
        return name.regionMatches(true, 0, RESERVED, 0, RESERVED.length());
    }

    /** The level of the API that all the options in some headers need; 0 for any. */
    static int levelOf(Headers headers) {
        if (headers.isEmpty()) {
            return 0;
        }
        int[] needed = {0};
        headers.forEach((name, value) -> {
            PublishOption option = BY_HEADER.get(name.toLowerCase(Locale.ROOT));
            needed[0] = Math.max(needed[0], option == null ? 0 : option.level);
        });
        return needed[0];
    }
}
