package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.DecoderLimits;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.Timeouts;
import io.leasehold.wire.TlsSettings;
import io.leasehold.wire.WireProtocol;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a connection: values only, so that equal ones are equal.
 *
 * @param servers where to connect, in random order; at least one
 * @param credentials who we are
 * @param tls how the connection is secured
 * @param timeouts what takes how long
 * @param limits how much may pile up
 * @param options what else can be chosen
 */
public record ConnectionSettings(
        List<ServerAddress> servers,
        Credentials credentials,
        TlsSettings tls,
        Timeouts timeouts,
        Limits limits,
        Options options) {
    /** How addresses and settings of NATS are written. */
    public static final WireProtocol PROTOCOL = new WireProtocol("nats", "nats", "tls", 4222, "NatsSettings");

    private static final int MIB = 1 << 20;

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public ConnectionSettings {
        servers = List.copyOf(servers);
        timeouts.require(PROTOCOL);
        if (servers.isEmpty()) {
            throw MessagingException.badSetting("nats.servers", "no server", "one server or more");
        }
    }

    /** The defaults for some servers. */
    public static ConnectionSettings of(List<ServerAddress> servers) {
        return new ConnectionSettings(
                servers, Credentials.NONE, TlsSettings.DEFAULTS, Timeouts.DEFAULTS, Limits.DEFAULTS, Options.DEFAULTS);
    }

    /**
     * Reads the files that are named here once, before anything is dialled: what can never work ends the start. They
     * are read again at each connect, where what is wrong may pass. Blocks.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}, naming file, what was found and what to do
     */
    public void require() {
        Credentials.require(credentials);
        tls.require(PROTOCOL);
        for (ServerAddress server : servers) {
            if (server.host().indexOf('_') >= 0 && (server.tls() || tls.mode() != TlsSettings.Mode.AS_ASKED)) {
                throw MessagingException.badSetting(
                        "nats.servers",
                        server,
                        "a name without underscores: Java checks no certificate against one with them");
            }
        }
    }

    /** The same as somebody. */
    public ConnectionSettings with(Credentials other) {
        return new ConnectionSettings(servers, other, tls, timeouts, limits, options);
    }

    /** The same, secured so. */
    public ConnectionSettings with(TlsSettings other) {
        return new ConnectionSettings(servers, credentials, other, timeouts, limits, options);
    }

    /** The same with other timeouts. */
    public ConnectionSettings with(Timeouts other) {
        return new ConnectionSettings(servers, credentials, tls, other, limits, options);
    }

    /** The same with other limits. */
    public ConnectionSettings with(Limits other) {
        return new ConnectionSettings(servers, credentials, tls, timeouts, other, options);
    }

    /** The same with other options. */
    public ConnectionSettings with(Options other) {
        return new ConnectionSettings(servers, credentials, tls, timeouts, limits, other);
    }

    /**
     * How much may pile up.
     *
     * @param inbound what a server may make us hold
     * @param pendingBytes how many bytes may wait to be written; default 16 MiB, 64 KiB to 1 GiB
     * @param requests how many requests may wait for their answer; default 65,536, 16 to 1,048,576
     * @param subscriptions how many subscriptions there may be; default 65,536, 16 to 131,072
     */
    public record Limits(DecoderLimits inbound, int pendingBytes, int requests, int subscriptions) {
        /** The defaults. */
        public static final Limits DEFAULTS = new Limits(DecoderLimits.defaults(), 16 * MIB, 65_536, 65_536);

        /**
         * Checks the bounds.
         *
         * @throws MessagingException {@link ErrorCode#BAD_SETTING}
         */
        public Limits {
            require("nats.pending-bytes", pendingBytes, 64 * 1_024, 1 << 30);
            require("nats.requests", requests, 16, RequestTable.SLOTS_MAX);
            require("nats.subscriptions", subscriptions, 16, SubscriptionTable.SLOTS_MAX);
        }

        private static void require(String setting, int value, int least, int most) {
            if (value < least || value > most) {
                throw MessagingException.badSetting(setting, value, "in " + least + ".." + most);
            }
        }
    }

    /**
     * What else can be chosen.
     *
     * @param failFast whether to give up when no server could be connected to in the first round; default false
     * @param discoverServers whether servers that servers tell of are connected to; default true
     * @param nativeTransport whether io_uring, epoll or kqueue is used where it is present; default true
     * @param inboxPrefix what the subjects begin with at which answers arrive; default {@code _INBOX}
     * @param refusedFor after how long of being refused for who we are the connection is given up for good, zero for
     *     never; default never, since credentials that are refused now may be good again
     */
    public record Options(
            boolean failFast,
            boolean discoverServers,
            boolean nativeTransport,
            String inboxPrefix,
            Duration refusedFor) {
        /** The defaults. */
        public static final Options DEFAULTS = new Options(false, true, true, "_INBOX");

        /**
         * Checks the prefix.
         *
         * @throws MessagingException {@link ErrorCode#BAD_TOPIC}, {@link ErrorCode#BAD_SETTING}
         */
        public Options {
            Subject.of(inboxPrefix);
            if (refusedFor.isNegative()) {
                throw MessagingException.badSetting("nats.refused-for", refusedFor, "zero for never, or longer");
            }
        }

        /** Those that never give up because they are refused. */
        public Options(boolean failFast, boolean discoverServers, boolean nativeTransport, String inboxPrefix) {
            this(failFast, discoverServers, nativeTransport, inboxPrefix, Duration.ZERO);
        }

        /** The same, giving up or not. */
        public Options failingFast(boolean fast) {
            return new Options(fast, discoverServers, nativeTransport, inboxPrefix, refusedFor);
        }

        /** The same, using other servers that servers tell of or not. */
        public Options learning(boolean learn) {
            return new Options(failFast, learn, nativeTransport, inboxPrefix, refusedFor);
        }

        /** The same, over what the platform has or over NIO. */
        public Options over(boolean platform) {
            return new Options(failFast, discoverServers, platform, inboxPrefix, refusedFor);
        }

        /** The same, with answers under another prefix. */
        public Options answeredAt(String prefix) {
            return new Options(failFast, discoverServers, nativeTransport, prefix, refusedFor);
        }

        /** The same, giving up when refused for so long; zero for never. */
        public Options refusedFor(Duration limit) {
            return new Options(failFast, discoverServers, nativeTransport, inboxPrefix, limit);
        }
    }
}
