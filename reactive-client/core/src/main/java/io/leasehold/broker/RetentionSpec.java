package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;

/**
 * Pairs topics with how much of them is kept for groups that come later.
 *
 * @param filter which topics
 * @param retention how much: bounds that hold for these topics and for no others, or the request is refused, where the
 *     retention {@linkplain Retention#isExact() is exact}
 */
@CheckReturnValue
public record RetentionSpec(TopicFilter filter, Retention retention) {}
