package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.message.TopicFilter;

/**
 * How much of a topic is kept for groups that come later. The oldest go first.
 *
 * @param filter which topics
 * @param messagesMax how many messages at most, 1 or more
 * @param bytesMax how many bytes of bodies at most, 1 or more
 * @param exact whether somebody asked for these bounds: they then hold for these topics and for no others, or the
 *     request is refused. If not, they are what a broker takes that would keep nothing otherwise; one that keeps the
 *     topics already, or has bounds of its own for them, leaves it at that
 */
@CheckReturnValue
public record RetentionSpec(TopicFilter filter, long messagesMax, long bytesMax, boolean exact) {
    private static final long USUAL_MESSAGES = 100_000;
    private static final long USUAL_BYTES = 256L << 20;

    /** Bounds that somebody asked for. */
    public RetentionSpec(TopicFilter filter, long messagesMax, long bytesMax) {
        this(filter, messagesMax, bytesMax, true);
    }

    /** What a topic keeps of which nobody said how much: 100,000 messages, 256 MiB; not exact. */
    public static RetentionSpec usual(TopicFilter filter) {
        return new RetentionSpec(filter, USUAL_MESSAGES, USUAL_BYTES, false);
    }

    /** What a dead-letter topic keeps by default: {@linkplain #usual as usual}. */
    public static RetentionSpec ofDeadLetters(TopicFilter filter) {
        return usual(filter);
    }
}
