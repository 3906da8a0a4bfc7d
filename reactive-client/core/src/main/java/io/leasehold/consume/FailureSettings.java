package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Topic;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to deliveries that fail.
 *
 * <p>No message is terminated by a default. With a dead-letter topic it goes there after {@code maxDeliveries}
 * failures. Without one it is kept and tried again, with delays that grow to the longest of {@code redelivery}; from
 * {@code maxDeliveries} failures on each one is told as {@code KEEPS_FAILING}. What ends a message without a
 * dead-letter topic is your own decision: {@link Disposition#terminate}, {@link Disposition#deadLetter}, or an error
 * that {@link MessageConsumer#retryOn} does not want tried again.
 *
 * @param handlerTimeout how long one try of a handler may take; null for no limit but {@code maxHold}; default none
 * @param handlerRetry tries within one delivery, under its lease; default none
 * @param redelivery the delays of naks after failures; default doubling from 1 s to 5 min, each a fifth longer or
 *     shorter
 * @param maxDeliveries how many failures make a dead letter, where there is a topic for them; 1 or more, default 5.
 *     Failures are counted and not hand-outs: what this client gave back, lost or refused by a stage is none, and what
 *     took longer than {@code maxHold} is one. Deliveries of which it does not know how they ended (another process had
 *     them, it was restarted, or they were too many to remember) count as failures
 * @param maxUnfinishedDeliveries how many deliveries may start without ever finishing, as those do that end their
 *     process; at least {@code maxDeliveries}, default + 50. Above it a message goes to the dead-letter topic; without
 *     one it is held back for the longest delay before each further try, and told as {@code KEEPS_FAILING} with {@code
 *     NEVER_FINISHED}
 * @param deadLetterTo the topic of dead letters, or null for none: then a message that fails is kept, as above
 */
@CheckReturnValue
public record FailureSettings(
        @Nullable Duration handlerTimeout,
        RetryPolicy handlerRetry,
        Backoff redelivery,
        int maxDeliveries,
        int maxUnfinishedDeliveries,
        @Nullable String deadLetterTo) {
    /** How far the default of {@code maxUnfinishedDeliveries} lies above {@code maxDeliveries}. */
    public static final int UNFINISHED_ABOVE = 50;

    /** The defaults. */
    public static final FailureSettings DEFAULT = new FailureSettings(
            null,
            RetryPolicy.none(),
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 2, 0.2),
            5,
            5 + UNFINISHED_ABOVE,
            null);

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
        if (maxUnfinishedDeliveries < maxDeliveries) {
            throw MessagingException.badSetting(
                    "maxUnfinishedDeliveries", maxUnfinishedDeliveries, "at least maxDeliveries, " + maxDeliveries);
        }
        if (deadLetterTo != null) {
            Topic.require(deadLetterTo);
        }
    }
}
