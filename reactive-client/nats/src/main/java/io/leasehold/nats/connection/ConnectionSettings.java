package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.DecoderLimits;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.pace.Backoff;
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
    private static final int MIB = 1 << 20;

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public ConnectionSettings {
        servers = List.copyOf(servers);
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
        tls.require();
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
     * What takes how long.
     *
     * @param connectTimeout from the first packet to the server's welcome; default 5 s, 10 ms to 10 min
     * @param pingEvery how often a silent server is asked whether it is there; default 1 s, 10 ms to 10 min
     * @param pongTimeout how long a server may be silent after that; default 2 s, 10 ms to 10 min; together with
     *     {@code pingEvery} well below a lease and the timeout of a publish, which is then written again in time
     * @param writeTimeout how long bytes may wait to leave us; default 5 s, 10 ms to 10 min
     * @param closeTimeout how long closing may take; default 5 s, 10 ms to 10 min
     * @param reconnect the delays between rounds over all servers; default 100 ms doubling to 5 s, spread by half
     */
    public record Timeouts(
            Duration connectTimeout,
            Duration pingEvery,
            Duration pongTimeout,
            Duration writeTimeout,
            Duration closeTimeout,
            Backoff reconnect) {
        private static final Duration LEAST = Duration.ofMillis(10);
        private static final Duration MOST = Duration.ofMinutes(10);

        /** The defaults. */
        public static final Timeouts DEFAULTS = new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), 2, 0.5));

        /**
         * Checks the bounds.
         *
         * @throws MessagingException {@link ErrorCode#BAD_SETTING}
         */
        public Timeouts {
            require("nats.connect-timeout", connectTimeout);
            require("nats.ping-every", pingEvery);
            require("nats.pong-timeout", pongTimeout);
            require("nats.write-timeout", writeTimeout);
            require("nats.close-timeout", closeTimeout);
        }

        /** The same, asking silent servers so often and giving them so long. */
        public Timeouts pinging(Duration every, Duration within) {
            return new Timeouts(connectTimeout, every, within, writeTimeout, closeTimeout, reconnect);
        }

        /** The same with other delays between rounds. */
        public Timeouts reconnecting(Backoff delays) {
            return new Timeouts(connectTimeout, pingEvery, pongTimeout, writeTimeout, closeTimeout, delays);
        }

        private static void require(String setting, Duration time) {
            if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
                throw MessagingException.badSetting(setting, time, "in 10 ms..10 min");
            }
        }
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
