package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a group begins when it is created; without meaning for a group that exists.
 *
 * @param kind from the first kept message, from the next one published, or from an instant on
 * @param instant the instant, for {@link Kind#INSTANT} only
 */
@CheckReturnValue
public record StartPosition(Kind kind, @Nullable Instant instant) {
    /** With the first message that is kept. */
    public static final StartPosition EARLIEST = new StartPosition(Kind.EARLIEST, null);

    /** With the next message that is published. */
    public static final StartPosition LATEST = new StartPosition(Kind.LATEST, null);

    /** With the first kept message that was published at the instant or later. */
    public static StartPosition at(Instant instant) {
        return new StartPosition(Kind.INSTANT, instant);
    }

    /** The kinds of start. */
    public enum Kind {
        /** The first kept message. */
        EARLIEST,
        /** The next published message. */
        LATEST,
        /** An instant. */
        INSTANT
    }
}
