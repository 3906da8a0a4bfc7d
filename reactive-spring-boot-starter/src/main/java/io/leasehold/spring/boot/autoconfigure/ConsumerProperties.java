package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.consume.FailureSettings;
import io.leasehold.consume.FlowSettings;
import io.leasehold.consume.HoldSettings;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Topic;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How messages are consumed: of all listeners, or of one. What is not set stays as it was.
 *
 * @param concurrency how many runs at once, orphans included; 1 to 1,000,000
 * @param prefetch how many deliveries beyond free slots are asked for; 0 to 1,000,000
 * @param maxWaiting how many deliveries may wait for their key, their slot or a run before them; 0 for as many as
 *     concurrency
 * @param maxLaneWait how long a delivery waits for its key before it is given back; as long as max-hold if not set
 * @param leaseTime how long the broker lends a delivery, where this application creates the group; up to 100 days
 * @param maxHold how long one run may hold a lease; the smaller of 10 lease times and 10 minutes if not set, which is 5
 *     minutes with the default lease time. A run that takes longer is cancelled, which counts as a failure
 * @param touch when leases are extended by themselves
 * @param settlement what "done" means for a settlement
 * @param nak whether naks are written, or leases run out instead
 * @param handlerTimeout how long one try of a handler may take; no limit but max-hold if not set
 * @param handlerRetry tries within one delivery, under its lease
 * @param redelivery the delays before a failed message is delivered again
 * @param maxDeliveries how many failures make a dead letter, where there is a topic for them; 1 or more. Without one a
 *     message that fails is kept and tried again, ever more rarely
 * @param maxUnfinishedDeliveries how many deliveries may start without ever finishing before the message is a dead
 *     letter, or without a topic for them is held back before each try; 50 above max-deliveries if not set
 * @param deadLetterTo the topic of dead letters; messages that fail are kept and tried again if not set, or set to
 *     nothing, which a listener of the dead letters themselves needs where all others have a topic
 * @param drainTimeout how long runs may still take when the application or the listener stops; up to a day
 */
public record ConsumerProperties(
        @Nullable Integer concurrency,
        @Nullable Integer prefetch,
        @Nullable Integer maxWaiting,
        @Nullable Duration maxLaneWait,
        @Nullable Duration leaseTime,
        @Nullable Duration maxHold,
        @Nullable TouchMode touch,
        @Nullable SettlementLevel settlement,
        HoldSettings.@Nullable NakMode nak,
        @Nullable Duration handlerTimeout,
        @NestedConfigurationProperty @DefaultValue RetryProperties handlerRetry,
        @NestedConfigurationProperty @DefaultValue BackoffProperties redelivery,
        @Nullable Integer maxDeliveries,
        @Nullable Integer maxUnfinishedDeliveries,
        @Nullable String deadLetterTo,
        @Nullable Duration drainTimeout) {
    /** How long runs may still take at a stop, when nothing else is said. */
    public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    /**
     * Tries each on the core's settings.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} or {@code BAD_TOPIC} naming the property
     */
    public ConsumerProperties {
        Refusals.check("concurrency", concurrency, FlowSettings.builder()::concurrency);
        Refusals.check("prefetch", prefetch, FlowSettings.builder()::prefetch);
        Refusals.check("max-waiting", maxWaiting, FlowSettings.builder()::maxWaiting);
        Refusals.check(
                "max-lane-wait", maxLaneWait, value -> FlowSettings.builder().maxLaneWait(inNanos(value)));
        Refusals.check("lease-time", leaseTime, value -> holding(value, null));
        Refusals.check("max-hold", maxHold, value -> holding(Duration.ofSeconds(1), value));
        Refusals.check("handler-timeout", handlerTimeout, value -> failing(inNanos(value), 1, 1));
        Refusals.check("max-deliveries", maxDeliveries, value -> failing(null, value, Integer.MAX_VALUE));
        Refusals.check(
                "max-unfinished-deliveries",
                maxUnfinishedDeliveries,
                value -> failing(null, maxDeliveries == null ? 1 : maxDeliveries, value));
        Refusals.check("dead-letter-to", "".equals(deadLetterTo) ? null : deadLetterTo, Topic::require);
        Refusals.check("drain-timeout", drainTimeout, value -> Backoff.builder().first(value));
    }

    private static Duration inNanos(Duration time) {
        return Duration.ofNanos(time.toNanos());
    }

    private static HoldSettings holding(Duration leaseTime, @Nullable Duration maxHold) {
        return HoldSettings.builder().leaseTime(leaseTime).maxHold(maxHold).build();
    }

    private static FailureSettings failing(@Nullable Duration timeout, int maxDeliveries, int unfinished) {
        return FailureSettings.builder()
                .handlerTimeout(timeout)
                .maxDeliveries(maxDeliveries)
                .maxUnfinishedDeliveries(unfinished)
                .build();
    }

    /** Returns how long runs may still take at a stop. */
    public Duration drainTimeoutOr(Duration otherwise) {
        return drainTimeout == null ? otherwise : drainTimeout;
    }

    /**
     * Returns the consumer with what is set here instead.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} when what is set here contradicts the rest
     */
    public <T> MessageConsumer<T> applyTo(MessageConsumer<T> base) {
        return failing(holding(flowing(base)));
    }

    private <T> MessageConsumer<T> flowing(MessageConsumer<T> base) {
        MessageConsumer<T> consumer = with(base, concurrency, MessageConsumer::concurrency);
        consumer = with(consumer, prefetch, MessageConsumer::prefetch);
        consumer = with(consumer, maxWaiting, MessageConsumer::maxWaiting);
        return with(consumer, maxLaneWait, MessageConsumer::maxLaneWait);
    }

    private <T> MessageConsumer<T> holding(MessageConsumer<T> base) {
        MessageConsumer<T> consumer = with(base, leaseTime, MessageConsumer::leaseTime);
        consumer = with(consumer, maxHold, MessageConsumer::maxHold);
        consumer = with(consumer, touch, MessageConsumer::touch);
        consumer = with(consumer, settlement, MessageConsumer::settlement);
        return with(consumer, nak, MessageConsumer::nak);
    }

    private <T> MessageConsumer<T> failing(MessageConsumer<T> base) {
        FailureSettings before = base.settings().failures();
        MessageConsumer<T> consumer = with(base, handlerTimeout, MessageConsumer::handlerTimeout);
        consumer = consumer.handlerRetry(handlerRetry.applyTo(before.handlerRetry()));
        consumer = consumer.redelivery(redelivery.applyTo(before.redelivery()));
        consumer = with(consumer, maxDeliveries, MessageConsumer::maxDeliveries);
        consumer = with(consumer, maxUnfinishedDeliveries, MessageConsumer::maxUnfinishedDeliveries);

        return "".equals(deadLetterTo)
                ? consumer.withoutDeadLetters()
                : with(consumer, deadLetterTo, MessageConsumer::deadLetterTo);
    }

    private static <T, V> MessageConsumer<T> with(
            MessageConsumer<T> consumer,
            @Nullable V value,
            BiFunction<MessageConsumer<T>, V, MessageConsumer<T>> setting) {
        return value == null ? consumer : setting.apply(consumer, value);
    }
}
