package io.leasehold.nats.jetstream;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes a stream in settings. What is null is as {@link StreamSettings} have it for all streams. Values only, so
 * that equal ones are equal.
 */
@CheckReturnValue
public final class StreamSpec {
    private static final Pattern NAME = Pattern.compile("[^\\s.*>/\\\\\\p{Cntrl}]{1,200}");
    private static final String PREFIX = "leasehold.nats.streams.named";

    private final String name;
    private final List<String> subjects;
    private final @Nullable Long maxMessages;
    private final @Nullable Long maxBytes;
    private final @Nullable Duration maxAge;
    private final @Nullable Duration duplicateWindow;
    private final StreamSettings.@Nullable Storage storage;
    private final @Nullable Integer replicas;
    private final StreamSettings.@Nullable Retention retention;

    private StreamSpec(Builder values) {
        name = values.name;
        subjects = values.subjects;
        maxMessages = values.maxMessages;
        maxBytes = values.maxBytes;
        maxAge = values.maxAge;
        duplicateWindow = values.duplicateWindow;
        storage = values.storage;
        replicas = values.replicas;
        retention = values.retention;
    }

    /**
     * Makes a builder of a stream.
     *
     * @param name its name: no blanks, dots, wildcards or slashes, 200 characters at most
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Builder builder(String name) {
        if (!NAME.matcher(name).matches()) {
            throw MessagingException.badSetting(
                    PREFIX, "'" + name + "'", "the name of a stream: no blanks, dots, wildcards or slashes");
        }

        return new Builder(name);
    }

    /** Returns a stream of some topics that is as the settings have it for all. */
    static StreamSpec of(String name, List<String> subjects) {
        return builder(name).subjects(subjects).build();
    }

    /** Makes a builder that starts from this stream. */
    public Builder mutate() {
        Builder values = new Builder(name);
        values.subjects = subjects;
        values.maxMessages = maxMessages;
        values.maxBytes = maxBytes;
        values.maxAge = maxAge;
        values.duplicateWindow = duplicateWindow;
        values.storage = storage;
        values.replicas = replicas;
        values.retention = retention;

        return values;
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns which topics it keeps. */
    public List<String> subjects() {
        return subjects;
    }

    /** Returns how many messages it keeps at most; null for no bound. */
    public @Nullable Long maxMessages() {
        return maxMessages;
    }

    /** Returns how many bytes it keeps at most; null for a bound only where the account wants one. */
    public @Nullable Long maxBytes() {
        return maxBytes;
    }

    /** Returns how long messages are kept; zero for no limit. */
    public @Nullable Duration maxAge() {
        return maxAge;
    }

    /** Returns for how long ids are known. */
    public @Nullable Duration duplicateWindow() {
        return duplicateWindow;
    }

    /** Returns where messages are kept. */
    public StreamSettings.@Nullable Storage storage() {
        return storage;
    }

    /** Returns on how many servers each message is kept; 0 for what suits the servers. */
    public @Nullable Integer replicas() {
        return replicas;
    }

    /** Returns what ends the keeping of a message, beside its age. */
    public StreamSettings.@Nullable Retention retention() {
        return retention;
    }

    /** Tells whether it keeps every topic of a filter by one of its subjects. */
    boolean keeps(TopicFilter filter) {
        return subjects.stream().anyMatch(subject -> TopicFilter.of(subject).covers(filter));
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(
                name, subjects, maxMessages, maxBytes, maxAge, duplicateWindow, storage, replicas, retention);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamSpec that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "StreamSpec" + values();
    }

    /** Describes a stream; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String name;
        private List<String> subjects = List.of();
        private @Nullable Long maxMessages;
        private @Nullable Long maxBytes;
        private @Nullable Duration maxAge;
        private @Nullable Duration duplicateWindow;
        private StreamSettings.@Nullable Storage storage;
        private @Nullable Integer replicas;
        private StreamSettings.@Nullable Retention retention;

        private Builder(String name) {
            this.name = name;
        }

        private String where(String setting) {
            return PREFIX + "." + name + "." + setting;
        }

        /**
         * Sets which topics it keeps, one filter or more.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder subjects(List<String> filters) {
            subjects = filters.stream()
                    .map(TopicFilter::of)
                    .map(TopicFilter::pattern)
                    .toList();
            return this;
        }

        /**
         * Sets how many messages it keeps at most, 1 or more; default no bound.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxMessages(long most) {
            maxMessages = Bounds.within(where("max-messages"), most, 1, Long.MAX_VALUE);
            return this;
        }

        /**
         * Sets how many bytes it keeps at most, 1 or more; default a bound only where the account wants one.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxBytes(long most) {
            maxBytes = Bounds.within(where("max-bytes"), most, 1, Long.MAX_VALUE);
            return this;
        }

        /**
         * Sets how long messages are kept; zero for no limit.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxAge(Duration age) {
            maxAge = StreamSettings.requireMaxAge(where("max-age"), age);
            return this;
        }

        /**
         * Sets for how long ids are known; 100 ms or more.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder duplicateWindow(Duration window) {
            duplicateWindow = StreamSettings.requireDuplicateWindow(where("duplicate-window"), window);
            return this;
        }

        /** Sets where messages are kept. */
        public Builder storage(StreamSettings.Storage place) {
            storage = Objects.requireNonNull(place, "storage");
            return this;
        }

        /**
         * Sets on how many servers each message is kept, 1 to 5; 0 for what suits the servers.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder replicas(int servers) {
            replicas = StreamSettings.requireReplicas(where("replicas"), servers);
            return this;
        }

        /** Sets what ends the keeping of a message, beside its age. */
        public Builder retention(StreamSettings.Retention until) {
            retention = Objects.requireNonNull(until, "retention");
            return this;
        }

        /**
         * Makes the stream.
         *
         * @throws MessagingException {@code BAD_SETTING} without subjects
         */
        @CheckReturnValue
        public StreamSpec build() {
            if (subjects.isEmpty()) {
                throw MessagingException.badSetting(where("subjects"), "an empty list", "one filter or more");
            }

            return new StreamSpec(this);
        }
    }
}
