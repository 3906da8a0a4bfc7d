package io.leasehold.consume;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.message.BodyType;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What a consumer is: which messages, as what, and the functions that its settings cannot hold because they are not
 * values.
 *
 * @param filter which topics
 * @param group the instances that share them
 * @param type the type of the body
 * @param start where the group begins when it is created
 * @param idleLimit the group is deleted when it had no consumer for so long; null for never
 * @param key the key of a message for key lanes, or null for none; never sees the body decoded
 * @param retryable whether an error of a handler is worth another try; else the message is dead-lettered at once
 * @param settings the values
 * @param signals where elements are signalled; null for the user scheduler
 * @param said what of it the log says
 */
record ConsumerSpec<T>(
        TopicFilter filter,
        String group,
        BodyType<T> type,
        StartPosition start,
        @Nullable Duration idleLimit,
        @Nullable Function<Message, @Nullable String> key,
        Predicate<Throwable> retryable,
        ConsumeSettings settings,
        @Nullable Scheduler signals,
        Said said) {

    /** What the log says of a consumer, beside what may hurt. */
    enum Said {
        ALL,
        /** Not how messages failed: whoever hears the outcomes says it. */
        WITHOUT_FAILURES,
        /** Nor that it begins and is drained. */
        LITTLE
    }

    /** Describes the group to the broker. */
    GroupSpec asked(Duration leaseTime) {
        return new GroupSpec(group, filter, leaseTime, start, idleLimit);
    }

    ConsumerSpec<T> withStart(StartPosition from) {
        return new ConsumerSpec<>(filter, group, type, from, idleLimit, key, retryable, settings, signals, said);
    }

    ConsumerSpec<T> withIdleLimit(Duration limit) {
        return new ConsumerSpec<>(filter, group, type, start, limit, key, retryable, settings, signals, said);
    }

    ConsumerSpec<T> withKey(Function<Message, @Nullable String> by) {
        return new ConsumerSpec<>(filter, group, type, start, idleLimit, by, retryable, settings, signals, said);
    }

    ConsumerSpec<T> withRetryable(Predicate<Throwable> errors) {
        return new ConsumerSpec<>(filter, group, type, start, idleLimit, key, errors, settings, signals, said);
    }

    ConsumerSpec<T> withSignals(Scheduler on) {
        return new ConsumerSpec<>(filter, group, type, start, idleLimit, key, retryable, settings, on, said);
    }

    ConsumerSpec<T> with(ConsumeSettings newSettings) {
        return new ConsumerSpec<>(filter, group, type, start, idleLimit, key, retryable, newSettings, signals, said);
    }

    ConsumerSpec<T> withSaid(Said what) {
        return new ConsumerSpec<>(filter, group, type, start, idleLimit, key, retryable, settings, signals, what);
    }
}
