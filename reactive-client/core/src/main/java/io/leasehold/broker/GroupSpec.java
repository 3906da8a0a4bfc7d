package io.leasehold.broker;

import io.leasehold.message.TopicFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The instances that share the messages of a topic filter.
 *
 * @param name the group's name
 * @param filter which topics it consumes
 * @param leaseTime how long a delivery is lent
 * @param start where it begins when it is created
 * @param idleLimit the broker deletes it when it had no member for so long; null for never. Without meaning for a group
 *     that exists
 */
public record GroupSpec(
        String name,
        TopicFilter filter,
        Duration leaseTime,
        StartPosition start,
        @Nullable Duration idleLimit) {
    /** A group that stays until it is deleted. */
    public GroupSpec(String name, TopicFilter filter, Duration leaseTime, StartPosition start) {
        this(name, filter, leaseTime, start, null);
    }
}
