package io.leasehold.consume;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Topic;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to deliveries that fail.
 *
 * @param handlerTimeout how long one try of a handler may take; null for no limit but {@code maxHold}; default none
 * @param handlerRetry tries within one delivery, under its lease; default none
 * @param redelivery the delays of naks after failures; default from 1 s
 * @param maxDeliveries a failing run of at least so many deliveries is dead-lettered; 1 or more, default 5
 * @param ceiling how many deliveries may start without ever finishing; at least {@code maxDeliveries}, default + 50
 * @param deadLetterTo the topic of dead letters, or null: then such messages are terminated
 */
public record FailureSettings(
        @Nullable Duration handlerTimeout,
        RetryPolicy handlerRetry,
        Backoff redelivery,
        int maxDeliveries,
        int ceiling,
        @Nullable String deadLetterTo) {
    /** How far the default ceiling lies above {@code maxDeliveries}. */
    public static final int CEILING_ABOVE = 50;

    /** The defaults. */
    public static final FailureSettings DEFAULT = new FailureSettings(
            null, RetryPolicy.none(), Backoff.from(Duration.ofSeconds(1)), 5, 5 + CEILING_ABOVE, null);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}, or {@code BAD_TOPIC} for the dead-letter topic
     */
    public FailureSettings {
        if (handlerTimeout != null && !HoldSettings.isPositive(handlerTimeout)) {
            throw MessagingException.badSetting("handlerTimeout", handlerTimeout, "positive");
        }
        if (maxDeliveries < 1) {
            throw MessagingException.badSetting("maxDeliveries", maxDeliveries, "1 or more");
        }
        if (ceiling < maxDeliveries) {
            throw MessagingException.badSetting("ceiling", ceiling, "at least maxDeliveries, " + maxDeliveries);
        }
        if (deadLetterTo != null) {
            Topic.require(deadLetterTo);
        }
    }
}
