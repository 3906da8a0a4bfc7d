package io.leasehold.broker;

import io.leasehold.message.TopicFilter;

/**
 * How much of a topic is kept for groups that come later. The oldest go first.
 *
 * @param filter which topics
 * @param messagesMax how many messages at most, 1 or more
 * @param bytesMax how many bytes of bodies at most, 1 or more
 */
public record RetentionSpec(TopicFilter filter, long messagesMax, long bytesMax) {
    /** What a dead-letter topic keeps by default: 100,000 messages, 256 MiB. */
    public static RetentionSpec ofDeadLetters(TopicFilter filter) {
        return new RetentionSpec(filter, 100_000, 256L << 20);
    }
}
