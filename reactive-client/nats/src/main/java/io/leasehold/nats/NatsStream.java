package io.leasehold.nats;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.nats.jetstream.StreamSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes a stream that has to be there, so that an application that only publishes can make it:
 *
 * <pre>{@code
 * NatsStream orders = NatsStream.builder("orders")
 *         .subjects("orders.>")
 *         .maxBytes(10L << 30)
 *         .maxAge(Duration.ofDays(30))
 *         .build();
 * NatsSettings.builder().stream(orders).build();
 * }</pre>
 *
 * <p>What is not said of it is as the settings have it for all streams that are made. Values only, so that equal ones
 * are equal.
 */
@CheckReturnValue
public final class NatsStream {
    private final StreamSpec spec;

    private NatsStream(StreamSpec spec) {
        this.spec = spec;
    }

    /**
     * Makes a builder of a stream.
     *
     * @param name its name: no blanks, dots, wildcards or slashes, 200 characters at most
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Builder builder(String name) {
        return new Builder(StreamSpec.builder(name));
    }

    /** Makes a builder that starts from this stream. */
    public Builder mutate() {
        return new Builder(spec.mutate());
    }

    /** Returns the name of the stream. */
    public String name() {
        return spec.name();
    }

    /** Returns which topics the stream keeps. */
    public List<String> subjects() {
        return spec.subjects();
    }

    /** Returns how many messages the stream keeps at most; empty for no bound. */
    public Optional<Long> maxMessages() {
        return Optional.ofNullable(spec.maxMessages());
    }

    /** Returns how many bytes the stream keeps at most; empty for a bound by the account's limits. */
    public Optional<Long> maxBytes() {
        return Optional.ofNullable(spec.maxBytes());
    }

    /** Returns how long the stream keeps messages; empty for as long as all streams that are made. */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(spec.maxAge());
    }

    /** Returns for how long the stream knows message ids; empty for as long as all streams that are made. */
    public Optional<Duration> duplicateWindow() {
        return Optional.ofNullable(spec.duplicateWindow());
    }

    /** Returns where the stream keeps its messages; empty for where all streams do that are made. */
    public Optional<NatsStorage> storage() {
        return Optional.ofNullable(spec.storage()).map(storage -> NatsStorage.valueOf(storage.name()));
    }

    /** Returns on how many servers the stream keeps each message; empty for as many as all streams that are made. */
    public Optional<Integer> replicas() {
        return Optional.ofNullable(spec.replicas());
    }

    /** Returns what ends the keeping of a message; empty for what does in all streams that are made. */
    public Optional<NatsRetention> retention() {
        return Optional.ofNullable(spec.retention()).map(retention -> NatsRetention.valueOf(retention.name()));
    }

    StreamSpec spec() {
        return spec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NatsStream stream && stream.spec.equals(spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    @Override
    public String toString() {
        return "NatsStream" + spec;
    }

    /** Describes a stream; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final StreamSpec.Builder spec;

        private Builder(StreamSpec.Builder spec) {
            this.spec = spec;
        }

        /**
         * Sets which topics the stream keeps, one filter or more; there is no default.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder subjects(String... filters) {
            return subjects(List.of(filters));
        }

        /**
         * Sets which topics the stream keeps, one filter or more; there is no default.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder subjects(List<String> filters) {
            spec.subjects(filters);
            return this;
        }

        /**
         * Sets how many messages the stream keeps at most, of which the oldest go first; 1 or more, default no bound.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxMessages(long most) {
            spec.maxMessages(most);
            return this;
        }

        /**
         * Sets how many bytes the stream keeps at most, of which the oldest go first; 1 or more, default by the
         * account's limits.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxBytes(long most) {
            spec.maxBytes(most);
            return this;
        }

        /**
         * Sets how long the stream keeps messages, acked or not; zero for no limit, default as all streams that are
         * made.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxAge(Duration age) {
            spec.maxAge(age);
            return this;
        }

        /**
         * Sets for how long the stream knows message ids; 100 ms or more, default as all streams that are made.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder duplicateWindow(Duration window) {
            spec.duplicateWindow(window);
            return this;
        }

        /** Sets where the stream keeps its messages; default as all streams that are made. */
        public Builder storage(NatsStorage storage) {
            spec.storage(StreamSettings.Storage.valueOf(storage.name()));
            return this;
        }

        /**
         * Sets on how many servers the stream keeps each message; 1 to 5, or 0 for what suits the servers, default as
         * all streams that are made.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder replicas(int servers) {
            spec.replicas(servers);
            return this;
        }

        /** Sets what ends the keeping of a message in the stream; default as in all streams that are made. */
        public Builder retention(NatsRetention retention) {
            spec.retention(StreamSettings.Retention.valueOf(retention.name()));
            return this;
        }

        /**
         * Makes the stream.
         *
         * @throws MessagingException {@code BAD_SETTING} without subjects
         */
        @CheckReturnValue
        public NatsStream build() {
            return new NatsStream(spec.build());
        }
    }
}
