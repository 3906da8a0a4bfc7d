package io.leasehold.wire;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds what may take how long on a connection. Values only, so that equal ones are equal. */
@CheckReturnValue
public final class Timeouts {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(10);

    private final WireProtocol protocol;
    private final Duration connectTimeout;
    private final Duration pingEvery;
    private final Duration pongTimeout;
    private final Duration writeTimeout;
    private final Duration closeTimeout;
    private final Backoff reconnect;

    private Timeouts(Builder values) {
        protocol = values.protocol;
        connectTimeout = values.connectTimeout;
        pingEvery = values.pingEvery;
        pongTimeout = values.pongTimeout;
        writeTimeout = values.writeTimeout;
        closeTimeout = values.closeTimeout;
        reconnect = values.reconnect;
    }

    /**
     * Returns the defaults.
     *
     * @param protocol whose settings these are, for errors
     */
    public static Timeouts defaults(WireProtocol protocol) {
        return new Builder(protocol).build();
    }

    /**
     * Makes a builder that starts from the defaults.
     *
     * @param protocol whose settings these are, for errors
     */
    public static Builder builder(WireProtocol protocol) {
        return new Builder(protocol);
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder(protocol);
        values.connectTimeout = connectTimeout;
        values.pingEvery = pingEvery;
        values.pongTimeout = pongTimeout;
        values.writeTimeout = writeTimeout;
        values.closeTimeout = closeTimeout;
        values.reconnect = reconnect;

        return values;
    }

    /** Returns how long it may take from the first packet to the server's welcome. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Returns how often a silent server is asked whether it is there. */
    public Duration pingEvery() {
        return pingEvery;
    }

    /** Returns how long a server may be silent after that. */
    public Duration pongTimeout() {
        return pongTimeout;
    }

    /** Returns how long bytes may wait to leave us. */
    public Duration writeTimeout() {
        return writeTimeout;
    }

    /** Returns how long closing may take. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** Returns the delays between rounds over all servers. */
    public Backoff reconnect() {
        return reconnect;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(protocol, connectTimeout, pingEvery, pongTimeout, writeTimeout, closeTimeout, reconnect);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Timeouts that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Timeouts" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final WireProtocol protocol;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration pingEvery = Duration.ofSeconds(1);
        private Duration pongTimeout = Duration.ofSeconds(2);
        private Duration writeTimeout = Duration.ofSeconds(5);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Backoff reconnect =
                Backoff.builder().max(Duration.ofSeconds(5)).jitter(0.5).build();

        private Builder(WireProtocol protocol) {
            this.protocol = protocol;
        }

        /**
         * Sets how long it may take from the first packet to the server's welcome; default 5 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder connectTimeout(Duration limit) {
            connectTimeout = Bounds.within(protocol.setting("connection.connect-timeout"), limit, LEAST, MOST);
            return this;
        }

        /**
         * Sets how often a silent server is asked whether it is there; default 1 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pingEvery(Duration time) {
            pingEvery = Bounds.within(protocol.setting("connection.ping-every"), time, LEAST, MOST);
            return this;
        }

        /**
         * Sets how long a server may be silent after that; default 2 s, 10 ms to 10 min. To be kept, together with
         * {@link #pingEvery}, well below a lease and the timeout of a publish, which is then written again in time.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pongTimeout(Duration limit) {
            pongTimeout = Bounds.within(protocol.setting("connection.pong-timeout"), limit, LEAST, MOST);
            return this;
        }

        /**
         * Sets how long bytes may wait to leave us; default 5 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder writeTimeout(Duration limit) {
            writeTimeout = Bounds.within(protocol.codeSetting("write-timeout"), limit, LEAST, MOST);
            return this;
        }

        /**
         * Sets how long closing may take; default 5 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder closeTimeout(Duration limit) {
            closeTimeout = Bounds.within(protocol.codeSetting("close-timeout"), limit, LEAST, MOST);
            return this;
        }

        /** Sets the delays between rounds over all servers; default 100 ms doubling to 5 s, spread by half. */
        public Builder reconnect(Backoff delays) {
            reconnect = Objects.requireNonNull(delays, "reconnect");
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public Timeouts build() {
            return new Timeouts(this);
        }
    }
}
