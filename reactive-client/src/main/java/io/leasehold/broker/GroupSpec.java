package io.leasehold.broker;

import io.leasehold.message.TopicFilter;
import java.time.Duration;

/**
 * The instances that share the messages of a topic filter.
 *
 * @param name the group's name
 * @param filter which topics it consumes
 * @param leaseTime how long a delivery is lent
 * @param start where it begins when it is created
 */
public record GroupSpec(String name, TopicFilter filter, Duration leaseTime, StartPosition start) {}
