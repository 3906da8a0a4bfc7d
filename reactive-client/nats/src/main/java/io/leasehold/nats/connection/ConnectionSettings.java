package io.leasehold.nats.connection;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.DecoderLimits;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.Timeouts;
import io.leasehold.wire.TlsSettings;
import io.leasehold.wire.WireProtocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds how a connection to NATS is made and kept. Values only, so that equal ones are equal. */
@CheckReturnValue
public final class ConnectionSettings {
    /** How addresses and settings of NATS are written. */
    public static final WireProtocol PROTOCOL = new WireProtocol("nats", "nats", "tls", 4222, "NatsSettings");

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private static final ConnectionSettings DEFAULTS = new Builder().build();

    private final List<ServerAddress> servers;
    private final Credentials credentials;
    private final TlsSettings tls;
    private final Timeouts timeouts;
    private final DecoderLimits inbound;
    private final int pendingBytes;
    private final int requests;
    private final int subscriptions;
    private final boolean failFast;
    private final boolean discoverServers;
    private final boolean nativeTransport;
    private final String inboxPrefix;
    private final Duration refusedFor;

    private ConnectionSettings(Builder values) {
        servers = values.servers;
        credentials = values.credentials;
        tls = values.tls;
        timeouts = values.timeouts;
        inbound = values.inbound;
        pendingBytes = values.pendingBytes;
        requests = values.requests;
        subscriptions = values.subscriptions;
        failFast = values.failFast;
        discoverServers = values.discoverServers;
        nativeTransport = values.nativeTransport;
        inboxPrefix = values.inboxPrefix;
        refusedFor = values.refusedFor;
    }

    /** Returns the defaults. */
    public static ConnectionSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.servers = servers;
        values.credentials = credentials;
        values.tls = tls;
        values.timeouts = timeouts;
        values.inbound = inbound;
        values.pendingBytes = pendingBytes;
        values.requests = requests;
        values.subscriptions = subscriptions;
        values.failFast = failFast;
        values.discoverServers = discoverServers;
        values.nativeTransport = nativeTransport;
        values.inboxPrefix = inboxPrefix;
        values.refusedFor = refusedFor;

        return values;
    }

    /** Returns where to connect, in random order. */
    public List<ServerAddress> servers() {
        return servers;
    }

    /** Returns who we are. */
    public Credentials credentials() {
        return credentials;
    }

    /** Returns how the connection is secured. */
    public TlsSettings tls() {
        return tls;
    }

    /** Returns what may take how long. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /** Returns what a server may make us hold. */
    public DecoderLimits inbound() {
        return inbound;
    }

    /** Returns how many bytes may wait to be written. */
    public int pendingBytes() {
        return pendingBytes;
    }

    /** Returns how many requests may wait for their answer. */
    public int requests() {
        return requests;
    }

    /** Returns how many subscriptions there may be. */
    public int subscriptions() {
        return subscriptions;
    }

    /** Tells whether to give up when no server could be connected to in the first round. */
    public boolean failFast() {
        return failFast;
    }

    /** Tells whether servers that servers tell of are connected to. */
    public boolean discoverServers() {
        return discoverServers;
    }

    /** Tells whether io_uring, epoll or kqueue is used where it is present. */
    public boolean nativeTransport() {
        return nativeTransport;
    }

    /** Returns what the subjects begin with at which answers arrive. */
    public String inboxPrefix() {
        return inboxPrefix;
    }

    /** Returns after how long of being refused for who we are the connection is given up for good; zero for never. */
    public Duration refusedFor() {
        return refusedFor;
    }

    /**
     * Reads the files that are named here once, before anything is dialled: what can never work ends the start. They
     * are read again at each connect, where what is wrong may pass. Blocks.
     *
     * @throws MessagingException {@code BAD_SETTING}, naming file, what was found and what to do
     */
    public void require() {
        Credentials.require(credentials);
        tls.require();
        for (ServerAddress server : servers) {
            if (server.host().indexOf('_') >= 0 && (server.tls() || tls.mode() != TlsSettings.Mode.AS_ASKED)) {
                throw MessagingException.badSetting(
                        PROTOCOL.setting("servers"),
                        server,
                        "a name without underscores: Java checks no certificate against one with them");
            }
        }
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(
                servers,
                credentials,
                tls,
                timeouts,
                inbound,
                pendingBytes,
                requests,
                subscriptions,
                failFast,
                discoverServers,
                nativeTransport,
                inboxPrefix,
                refusedFor);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectionSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "ConnectionSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private List<ServerAddress> servers = List.of(ServerAddress.parse(PROTOCOL, "localhost"));
        private Credentials credentials = Credentials.NONE;
        private TlsSettings tls = TlsSettings.defaults(PROTOCOL);
        private Timeouts timeouts = Timeouts.defaults(PROTOCOL);
        private DecoderLimits inbound = DecoderLimits.defaults();
        private int pendingBytes = 16 << 20;
        private int requests = 65_536;
        private int subscriptions = 65_536;
        private boolean failFast;
        private boolean discoverServers = true;
        private boolean nativeTransport = true;
        private String inboxPrefix = "_INBOX";
        private Duration refusedFor = Duration.ZERO;

        private Builder() {}

        /**
         * Sets where to connect, in random order; default {@code localhost:4222}.
         *
         * @throws MessagingException {@code BAD_SETTING} for none
         */
        public Builder servers(List<ServerAddress> addresses) {
            if (addresses.isEmpty()) {
                throw MessagingException.badSetting(PROTOCOL.setting("servers"), "no server", "one server or more");
            }

            servers = List.copyOf(addresses);
            return this;
        }

        /** Sets who we are; default nobody in particular. */
        public Builder credentials(Credentials who) {
            credentials = Objects.requireNonNull(who, "credentials");
            return this;
        }

        /** Sets how the connection is secured; default when the server asks for it. */
        public Builder tls(TlsSettings settings) {
            tls = Objects.requireNonNull(settings, "tls");
            return this;
        }

        /** Sets what may take how long. */
        public Builder timeouts(Timeouts limits) {
            timeouts = Objects.requireNonNull(limits, "timeouts");
            return this;
        }

        /** Sets what a server may make us hold. */
        public Builder inbound(DecoderLimits limits) {
            inbound = Objects.requireNonNull(limits, "inbound");
            return this;
        }

        /**
         * Sets how many bytes may wait to be written; default 16 MiB, 64 KiB to 1 GiB.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pendingBytes(int most) {
            pendingBytes = Bounds.within("nats.pending-bytes", most, 64 * 1_024, 1 << 30);
            return this;
        }

        /**
         * Sets how many requests may wait for their answer; default 65,536, 16 to 1,048,576.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder requests(int most) {
            requests = Bounds.within("nats.requests", most, 16, RequestTable.SLOTS_MAX);
            return this;
        }

        /**
         * Sets how many subscriptions there may be; default 65,536, 16 to 131,072.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder subscriptions(int most) {
            subscriptions = Bounds.within("nats.subscriptions", most, 16, SubscriptionTable.SLOTS_MAX);
            return this;
        }

        /** Sets whether to give up when no server could be connected to in the first round; default false. */
        public Builder failFast(boolean fast) {
            failFast = fast;
            return this;
        }

        /** Sets whether servers that servers tell of are connected to; default true. */
        public Builder discoverServers(boolean discover) {
            discoverServers = discover;
            return this;
        }

        /** Sets whether io_uring, epoll or kqueue is used where it is present; default true. */
        public Builder nativeTransport(boolean use) {
            nativeTransport = use;
            return this;
        }

        /**
         * Sets what the subjects begin with at which answers arrive; default {@code _INBOX}.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder inboxPrefix(String prefix) {
            inboxPrefix = Subject.of(prefix).toString();
            return this;
        }

        /**
         * Sets after how long of being refused for who we are the connection is given up for good; default zero for
         * never, since credentials that are refused now may be good again.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder refusedFor(Duration limit) {
            refusedFor = Bounds.within(PROTOCOL.setting("connection.refused-for"), limit, Duration.ZERO, FOREVER);
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public ConnectionSettings build() {
            return new ConnectionSettings(this);
        }
    }
}
