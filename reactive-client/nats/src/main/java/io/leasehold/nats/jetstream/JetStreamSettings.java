package io.leasehold.nats.jetstream;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.Subject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds how JetStream is used. Values only, so that equal ones are equal. */
@CheckReturnValue
public final class JetStreamSettings {
    private static final Duration REQUEST_MIN = Duration.ofMillis(100);
    private static final Duration REQUEST_MAX = Duration.ofHours(1);
    private static final int CONNECTIONS_MAX = 64;
    private static final int PULL_BYTES_MIN = 1024;

    private static final JetStreamSettings DEFAULTS = new Builder().build();

    private final String apiPrefix;
    private final Duration requestLimit;
    private final int connections;
    private final int pullBytes;
    private final boolean terminateReasons;
    private final StreamSettings streams;

    private JetStreamSettings(Builder values) {
        apiPrefix = values.apiPrefix;
        requestLimit = values.requestLimit;
        connections = values.connections;
        pullBytes = values.pullBytes;
        terminateReasons = values.terminateReasons;
        streams = values.streams;
    }

    /** Returns the defaults. */
    public static JetStreamSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.apiPrefix = apiPrefix;
        values.requestLimit = requestLimit;
        values.connections = connections;
        values.pullBytes = pullBytes;
        values.terminateReasons = terminateReasons;
        values.streams = streams;

        return values;
    }

    /** Returns where its API listens. */
    public String apiPrefix() {
        return apiPrefix;
    }

    /** Returns how long an answer is waited for. */
    public Duration requestLimit() {
        return requestLimit;
    }

    /** Returns how many connections a client has. */
    public int connections() {
        return connections;
    }

    /** Returns how many bytes a pull asks for at most. */
    public int pullBytes() {
        return pullBytes;
    }

    /** Tells whether a terminate is written with its reason. */
    public boolean terminateReasons() {
        return terminateReasons;
    }

    /** Returns what is done about streams and consumers. */
    public StreamSettings streams() {
        return streams;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(apiPrefix, requestLimit, connections, pullBytes, terminateReasons, streams);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JetStreamSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "JetStreamSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private String apiPrefix = "$JS.API";
        private Duration requestLimit = Duration.ofSeconds(5);
        private int connections = 1;
        private int pullBytes = 1 << 24;
        private boolean terminateReasons;
        private StreamSettings streams = StreamSettings.defaults();

        private Builder() {}

        /**
         * Sets where its API listens; default {@code $JS.API}, of a domain {@code $JS.<domain>.API}.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder apiPrefix(String prefix) {
            apiPrefix = Subject.of(prefix).toString();
            return this;
        }

        /**
         * Sets how long an answer is waited for; default 5 s, 100 ms to 1 h.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder requestLimit(Duration limit) {
            requestLimit = Bounds.within("leasehold.nats.request-limit", limit, REQUEST_MIN, REQUEST_MAX);
            return this;
        }

        /**
         * Sets how many connections a client has: the members of its groups are spread over them, and its publishes by
         * key, or by topic where there is none; default 1, 1 to 64.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder connections(int count) {
            connections = Bounds.within("leasehold.nats.connections", count, 1, CONNECTIONS_MAX);
            return this;
        }

        /**
         * Sets how many bytes a pull asks for at most, 1 KiB or more; default 16 MiB. A message that is longer comes
         * nevertheless.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pullBytes(int bytes) {
            pullBytes = Bounds.within("nats.pull-bytes", bytes, PULL_BYTES_MIN, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets whether a terminate is written with its reason, for whoever listens to advisories; default false. Only
         * where all servers of a cluster are 2.10.4 or newer: older ones answer such a terminate, and do not carry it
         * out.
         */
        public Builder terminateReasons(boolean tell) {
            terminateReasons = tell;
            return this;
        }

        /** Sets what is done about streams and consumers. */
        public Builder streams(StreamSettings settings) {
            streams = Objects.requireNonNull(settings, "streams");
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public JetStreamSettings build() {
            return new JetStreamSettings(this);
        }
    }
}
