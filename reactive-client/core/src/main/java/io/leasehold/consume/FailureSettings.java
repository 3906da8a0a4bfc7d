package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Topic;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says what happens to deliveries that fail. Values only, so that equal settings are equal.
 *
 * <p>No message is terminated by a default. With a dead-letter topic it goes there after {@code maxDeliveries}
 * failures. Without one it is kept and tried again, with delays that grow to the longest of {@code redelivery}; from
 * {@code maxDeliveries} failures on each one is told as {@code KEEPS_FAILING}. What ends a message without a
 * dead-letter topic is your own decision: {@link Disposition#terminate}, {@link Disposition#deadLetter}, or an error
 * that {@link MessageConsumer#retryOn} does not want tried again.
 */
@CheckReturnValue
public final class FailureSettings {
    /** How far the default of {@code maxUnfinishedDeliveries} lies above {@code maxDeliveries}. */
    public static final int UNFINISHED_ABOVE = 50;

    private static final FailureSettings DEFAULTS = new Builder().build();

    private final @Nullable Duration handlerTimeout;
    private final RetryPolicy handlerRetry;
    private final Backoff redelivery;
    private final int maxDeliveries;
    private final int maxUnfinishedDeliveries;
    private final @Nullable String deadLetterTo;

    private FailureSettings(Builder values) {
        handlerTimeout = values.handlerTimeout;
        handlerRetry = values.handlerRetry;
        redelivery = values.redelivery;
        maxDeliveries = values.maxDeliveries;
        maxUnfinishedDeliveries = values.maxUnfinishedDeliveries;
        deadLetterTo = values.deadLetterTo;
    }

    /** Returns the defaults. */
    public static FailureSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.handlerTimeout = handlerTimeout;
        values.handlerRetry = handlerRetry;
        values.redelivery = redelivery;
        values.maxDeliveries = maxDeliveries;
        values.maxUnfinishedDeliveries = maxUnfinishedDeliveries;
        values.deadLetterTo = deadLetterTo;
        return values;
    }

    /** Returns how long one try of a handler may take; null for no limit but {@code maxHold}. */
    public @Nullable Duration handlerTimeout() {
        return handlerTimeout;
    }

    /** Returns the tries within one delivery, under its lease. */
    public RetryPolicy handlerRetry() {
        return handlerRetry;
    }

    /** Returns the delays of naks after failures. */
    public Backoff redelivery() {
        return redelivery;
    }

    /** Returns how many failures make a dead letter, where there is a topic for them. */
    public int maxDeliveries() {
        return maxDeliveries;
    }

    /** Returns how many deliveries may start without ever finishing, as those do that end their process. */
    public int maxUnfinishedDeliveries() {
        return maxUnfinishedDeliveries;
    }

    /** Returns the topic of dead letters; null for none. */
    public @Nullable String deadLetterTo() {
        return deadLetterTo;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(
                handlerTimeout, handlerRetry, redelivery, maxDeliveries, maxUnfinishedDeliveries, deadLetterTo);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FailureSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "FailureSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private @Nullable Duration handlerTimeout;
        private RetryPolicy handlerRetry = RetryPolicy.none();
        private Backoff redelivery = Backoff.builder()
                .first(Duration.ofSeconds(1))
                .max(Duration.ofMinutes(5))
                .build();
        private int maxDeliveries = 5;
        private int maxUnfinishedDeliveries = 5 + UNFINISHED_ABOVE;
        private @Nullable String deadLetterTo;

        private Builder() {}

        /**
         * Sets how long one try of a handler may take; positive, or null, the default, for no limit but {@code
         * maxHold}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder handlerTimeout(@Nullable Duration timeout) {
            if (timeout != null && !HoldSettings.isPositive(timeout)) {
                throw MessagingException.badSetting("leasehold.consumer.handler-timeout", timeout, "positive");
            }
            handlerTimeout = timeout;
            return this;
        }

        /** Sets the tries within one delivery, under its lease; default none. */
        public Builder handlerRetry(RetryPolicy retry) {
            handlerRetry = Objects.requireNonNull(retry, "leasehold.consumer.handler-retry");
            return this;
        }

        /**
         * Sets the delays of naks after failures; default doubling from 1 s to 5 min, each a fifth longer or
         * shorter.
         */
        public Builder redelivery(Backoff delays) {
            redelivery = Objects.requireNonNull(delays, "leasehold.consumer.redelivery");
            return this;
        }

        /**
         * Sets how many failures make a dead letter, where there is a topic for them; 1 or more, default 5. Moves
         * {@link #maxUnfinishedDeliveries} to {@value FailureSettings#UNFINISHED_ABOVE} above it: what is to be
         * otherwise is set after this. Failures are counted and not hand-outs: what this client gave back, lost or
         * refused by a stage is none, and what took longer than {@code maxHold} is one. Deliveries of which it does
         * not know how they ended (another process had them, it was restarted, or they were too many to remember)
         * count as failures.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxDeliveries(int deliveries) {
            maxDeliveries = Bounds.within("leasehold.consumer.max-deliveries", deliveries, 1, Integer.MAX_VALUE);
            maxUnfinishedDeliveries = (int) Math.min(Integer.MAX_VALUE, (long) deliveries + UNFINISHED_ABOVE);
            return this;
        }

        /**
         * Sets how many deliveries may start without ever finishing, as those do that end their process; at least
         * {@link #maxDeliveries}, which {@link #build} checks, default 50 more. Above it a message goes to the
         * dead-letter topic; without one it is held back for the longest delay before each further try, and told as
         * {@code KEEPS_FAILING} with {@code NEVER_FINISHED}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxUnfinishedDeliveries(int deliveries) {
            maxUnfinishedDeliveries =
                    Bounds.within("leasehold.consumer.max-unfinished-deliveries", deliveries, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets the topic of dead letters, or null, the default, for none: then a message that fails is kept, as
         * said above.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder deadLetterTo(@Nullable String topic) {
            deadLetterTo = topic == null ? null : Topic.require(topic);
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws MessagingException {@code BAD_SETTING} when two of them contradict each other
         */
        @CheckReturnValue
        public FailureSettings build() {
            if (maxUnfinishedDeliveries < maxDeliveries) {
                throw MessagingException.badSetting(
                        "leasehold.consumer.max-unfinished-deliveries",
                        maxUnfinishedDeliveries,
                        "at least leasehold.consumer.max-deliveries, " + maxDeliveries);
            }
            return new FailureSettings(this);
        }
    }
}
