package io.leasehold.nats;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.Credentials;
import io.leasehold.nats.jetstream.JetStreamSettings;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.nats.jetstream.StreamSpec;
import io.leasehold.pace.Backoff;
import io.leasehold.wire.Secret;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.Timeouts;
import io.leasehold.wire.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds how NATS is reached and used. Values only, so that equal ones are equal.
 *
 * <pre>{@code
 * NatsBroker.of(NatsSettings.builder()
 *         .servers("tls://nats-1:4222,tls://nats-2:4222")
 *         .credentialsFile(Path.of("/run/secrets/desk.creds"))
 *         .replicas(3)
 *         .build());
 * }</pre>
 *
 * <p>Each value is called by its property in errors, {@code leasehold.nats.request-limit}. Who we are goes in and does
 * not come out.
 */
@CheckReturnValue
public final class NatsSettings {
    private static final NatsSettings DEFAULTS =
            new NatsSettings(ConnectionSettings.defaults(), JetStreamSettings.defaults());

    private final ConnectionSettings connecting;
    private final JetStreamSettings jetStream;

    private NatsSettings(ConnectionSettings connecting, JetStreamSettings jetStream) {
        this.connecting = connecting;
        this.jetStream = jetStream;
    }

    /** Returns the defaults: a server at {@code nats://localhost:4222}, and nobody in particular. */
    public static NatsSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return DEFAULTS.mutate();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        return new Builder(this);
    }

    /** Returns where the servers are that were configured, {@code host:port} each. */
    public List<String> servers() {
        return connecting.servers().stream().map(ServerAddress::toString).toList();
    }

    /** Tells whether servers that servers tell of are connected to as well. */
    public boolean discoverServers() {
        return connecting.discoverServers();
    }

    /** Tells whether what the platform has is used instead of NIO. */
    public boolean nativeTransport() {
        return connecting.nativeTransport();
    }

    /** Returns what the subjects begin with at which answers and deliveries arrive. */
    public String inboxPrefix() {
        return connecting.inboxPrefix();
    }

    /** Returns when TLS is used. */
    public NatsTls tls() {
        return NatsTls.valueOf(connecting.tls().mode().name());
    }

    /** Returns the certificates that sign those of the servers; empty for those of the Java runtime. */
    public Optional<Path> trust() {
        return connecting.tls().trust();
    }

    /** Returns our own certificate chain. */
    public Optional<Path> certificate() {
        return connecting.tls().certificate();
    }

    /** Returns the key of our own certificate. */
    public Optional<Path> key() {
        return connecting.tls().key();
    }

    /** Returns how long one attempt to connect may take. */
    public Duration connectTimeout() {
        return connecting.timeouts().connectTimeout();
    }

    /** Returns how often a silent server is asked whether it is there. */
    public Duration pingEvery() {
        return connecting.timeouts().pingEvery();
    }

    /** Returns how long a server may be silent after that. */
    public Duration pongTimeout() {
        return connecting.timeouts().pongTimeout();
    }

    /** Returns the delays between rounds of attempts to connect. */
    public Backoff reconnect() {
        return connecting.timeouts().reconnect();
    }

    /** Tells whether to give up when no server could be connected to in the first round. */
    public boolean failFast() {
        return connecting.failFast();
    }

    /** Returns after how long of being refused for who we are the connection is given up for good; zero for never. */
    public Duration refusedFor() {
        return connecting.refusedFor();
    }

    /** Returns how long an answer of the JetStream API is waited for. */
    public Duration requestLimit() {
        return jetStream.requestLimit();
    }

    /** Returns how many connections the client has. */
    public int connections() {
        return jetStream.connections();
    }

    /** Tells whether a terminate is written with its reason. */
    public boolean terminateReasons() {
        return jetStream.terminateReasons();
    }

    /** Returns what the subjects of the JetStream API begin with. */
    public String apiPrefix() {
        return jetStream.apiPrefix();
    }

    /** Returns what happens to streams and consumers that are missing. */
    public NatsStreams streams() {
        return NatsStreams.valueOf(jetStream.streams().policy().name());
    }

    /** Returns where streams that are made keep their messages. */
    public NatsStorage storage() {
        return NatsStorage.valueOf(jetStream.streams().storage().name());
    }

    /** Returns what ends the keeping of a message in streams that are made. */
    public NatsRetention retention() {
        return NatsRetention.valueOf(jetStream.streams().retention().name());
    }

    /** Returns on how many servers streams that are made keep each message; 0 for what suits the servers. */
    public int replicas() {
        return jetStream.streams().replicas();
    }

    /** Returns for how long streams that are made keep a message; zero for no limit. */
    public Duration maxAge() {
        return jetStream.streams().maxAge();
    }

    /** Returns for how long streams that are made know the ids of messages. */
    public Duration duplicateWindow() {
        return jetStream.streams().duplicateWindow();
    }

    /** Returns what a connection is made with. */
    @Internal
    public ConnectionSettings connecting() {
        return connecting;
    }

    /** Returns what JetStream is used with. */
    @Internal
    public JetStreamSettings jetStream() {
        return jetStream;
    }

    /** Returns the same, reached so. */
    @Internal
    public NatsSettings with(ConnectionSettings other) {
        return new NatsSettings(other, jetStream);
    }

    /** Returns the same, used so. */
    @Internal
    public NatsSettings with(JetStreamSettings other) {
        return new NatsSettings(connecting, other);
    }

    /** Returns the same, with other streams. */
    @Internal
    public NatsSettings with(StreamSettings streams) {
        return with(jetStream.mutate().streams(streams).build());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NatsSettings same
                && connecting.equals(same.connecting)
                && jetStream.equals(same.jetStream);
    }

    @Override
    public int hashCode() {
        return 31 * connecting.hashCode() + jetStream.hashCode();
    }

    /** Shows everything but secrets. */
    @Override
    public String toString() {
        return "NatsSettings[connecting=" + connecting + ", jetStream=" + jetStream + "]";
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private static final String CREDENTIALS = "leasehold.nats.credentials.";

        private final ConnectionSettings.Builder connecting;
        private final Timeouts.Builder timeouts;
        private final TlsSettings.Builder tls;
        private final JetStreamSettings.Builder jetStream;
        private final StreamSettings.Builder streams;
        private final List<StreamSpec> named;
        private Credentials credentials;
        private @Nullable String username;
        private @Nullable Secret password;

        private Builder(NatsSettings from) {
            connecting = from.connecting.mutate();
            timeouts = from.connecting.timeouts().mutate();
            tls = from.connecting.tls().mutate();
            jetStream = from.jetStream.mutate();
            streams = from.jetStream.streams().mutate();
            named = new ArrayList<>(from.jetStream.streams().named());
            credentials = from.connecting.credentials();
            if (credentials instanceof Credentials.Password known) {
                username = known.user();
                password = known.password();
            }
        }

        // ---- where

        /**
         * Sets the servers, {@code nats://host:port} or {@code tls://host:port} each, several separated by commas; see
         * {@link #servers(Collection)}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder servers(String servers) {
            return servers(Arrays.asList(servers.split(",")));
        }

        /**
         * Sets the servers, {@code nats://host:port} or {@code tls://host:port} each; default {@code
         * nats://localhost:4222}. They are tried in random order, those that servers tell of after them, and first the
         * one that worked last.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder servers(Collection<String> servers) {
            connecting.servers(servers.stream()
                    .map(String::strip)
                    .map(text -> ServerAddress.parse(ConnectionSettings.PROTOCOL, text))
                    .toList());
            return this;
        }

        /** Sets whether servers that servers tell of are connected to as well; default true. */
        public Builder discoverServers(boolean discover) {
            connecting.discoverServers(discover);
            return this;
        }

        /**
         * Sets whether what the platform has is used instead of NIO: io_uring where {@code
         * netty-transport-native-io_uring} is on the class path, else epoll or kqueue where present; default true.
         */
        public Builder nativeTransport(boolean use) {
            connecting.nativeTransport(use);
            return this;
        }

        /**
         * Sets what the subjects begin with at which answers and deliveries arrive; default {@code _INBOX}. With one
         * for each user, and permissions to subscribe to nothing else, no user can read the answers of another.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder inboxPrefix(String prefix) {
            connecting.inboxPrefix(prefix);
            return this;
        }

        // ---- who: the last way of saying it counts

        /** Sets the name of a user, together with {@link #password}; default nobody in particular. */
        public Builder username(String name) {
            credentials = Credentials.NONE;
            username = name;
            return this;
        }

        /** Sets the password of the user that {@link #username} names. */
        public Builder password(String secret) {
            credentials = Credentials.NONE;
            password = Secret.of(secret);
            return this;
        }

        /** Sets a token instead of a user. */
        public Builder token(String secret) {
            return instead(new Credentials.Token(Secret.of(secret)));
        }

        /** Sets the key of a user, by its seed {@code SU..}; it never leaves us. */
        public Builder nkeySeed(String seed) {
            return instead(new Credentials.NKey(Secret.of(seed)));
        }

        /** Sets the key of a user, whose seed stands in a file that is read again at each connect. */
        public Builder nkeySeedFile(Path file) {
            return instead(new Credentials.NKey(Secret.inFile(file)));
        }

        /** Sets a credentials file with JWT and seed, as {@code nsc} writes it; it is read again at each connect. */
        public Builder credentialsFile(Path file) {
            return instead(new Credentials.JwtFile(file));
        }

        private Builder instead(Credentials other) {
            credentials = other;
            username = null;
            password = null;
            return this;
        }

        // ---- secured how

        /** Sets when TLS is used; default {@link NatsTls#AS_ASKED}. */
        public Builder tls(NatsTls when) {
            tls.mode(TlsSettings.Mode.valueOf(when.name()));
            return this;
        }

        /** Sets the certificates in PEM that sign those of the servers; default those of the Java runtime. */
        public Builder trust(Path pem) {
            tls.trust(pem);
            return this;
        }

        /** Sets our own certificate chain in PEM; default none. Belongs together with {@link #key}. */
        public Builder certificate(Path pem) {
            tls.certificate(pem);
            return this;
        }

        /**
         * Sets the key of our own certificate, in PKCS 8 and PEM without password; default none. A key in another form
         * ends the start of the client with {@code BAD_SETTING}.
         */
        public Builder key(Path pem) {
            tls.key(pem);
            return this;
        }

        // ---- times

        /**
         * Sets how long it may take from the first packet to the server's welcome; default 5 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder connectTimeout(Duration limit) {
            timeouts.connectTimeout(limit);
            return this;
        }

        /**
         * Sets how often a silent server is asked whether it is there; default 1 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pingEvery(Duration time) {
            timeouts.pingEvery(time);
            return this;
        }

        /**
         * Sets how long a server may be silent after that; default 2 s, 10 ms to 10 min.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder pongTimeout(Duration limit) {
            timeouts.pongTimeout(limit);
            return this;
        }

        /** Sets the delays between rounds over all servers; default 100 ms doubling to 5 s, spread by half. */
        public Builder reconnect(Backoff delays) {
            timeouts.reconnect(delays);
            return this;
        }

        /** Sets whether to give up when no server could be connected to in the first round; default false. */
        public Builder failFast(boolean fast) {
            connecting.failFast(fast);
            return this;
        }

        /**
         * Sets after how long of being refused for who we are the connection is given up for good; default zero: never.
         * It goes on trying at the largest of the {@linkplain #reconnect delays}, and tells of each refusal.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder refusedFor(Duration limit) {
            connecting.refusedFor(limit);
            return this;
        }

        // ---- used how

        /**
         * Sets how long an answer of JetStream is waited for; default 5 s, 100 ms to 1 h.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder requestLimit(Duration limit) {
            jetStream.requestLimit(limit);
            return this;
        }

        /**
         * Sets how many connections the client has; default 1, 1 to 64.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder connections(int count) {
            jetStream.connections(count);
            return this;
        }

        /**
         * Sets whether a terminate is written with its reason, for whoever listens to the server's advisories; default
         * false. Only where all servers of a cluster are 2.10.4 or newer: older ones answer such a terminate and do not
         * carry it out. An older one that we are connected to gets none.
         */
        public Builder terminateReasons(boolean tell) {
            jetStream.terminateReasons(tell);
            return this;
        }

        /**
         * Sets the JetStream domain that is used, as with a leaf node; default that of the server that is connected to.
         * The last call of this and of {@link #apiPrefix} counts.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder domain(String domain) {
            return apiPrefix("$JS." + domain + ".API");
        }

        /**
         * Sets what the subjects of the JetStream API begin with, where the account imports them under another name;
         * default {@code $JS.API}.
         *
         * @throws MessagingException {@code BAD_TOPIC}
         */
        public Builder apiPrefix(String prefix) {
            jetStream.apiPrefix(prefix);
            return this;
        }

        // ---- streams

        /** Sets what happens to streams and consumers that are missing; default {@link NatsStreams#CREATE}. */
        public Builder streams(NatsStreams policy) {
            streams.policy(StreamSettings.Policy.valueOf(policy.name()));
            return this;
        }

        /** Sets where streams that are made keep their messages; default {@link NatsStorage#FILE}. */
        public Builder storage(NatsStorage storage) {
            streams.storage(StreamSettings.Storage.valueOf(storage.name()));
            return this;
        }

        /** Sets what ends the keeping of a message in streams that are made; default {@link NatsRetention#LIMITS}. */
        public Builder retention(NatsRetention retention) {
            streams.retention(StreamSettings.Retention.valueOf(retention.name()));
            return this;
        }

        /**
         * Sets on how many servers streams that are made keep each message; 1 to 5. Default 0: on three in a cluster
         * that has room for them, else on one; the event {@code STREAM_MADE} says what was made.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder replicas(int servers) {
            streams.replicas(servers);
            return this;
        }

        /**
         * Sets how long streams that are made keep messages, acked or not; default 7 days, zero for no limit. Where the
         * account has a limit, a stream takes at most a quarter of what was left of it when it was made.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxAge(Duration age) {
            streams.maxAge(age);
            return this;
        }

        /**
         * Sets for how long streams that are made know the ids of messages; default 2 minutes, 100 ms or more, at most
         * {@link #maxAge}, and no shorter than publishes are repeated.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder duplicateWindow(Duration window) {
            streams.duplicateWindow(window);
            return this;
        }

        /**
         * Adds a stream that has to be there, in the place of one of the same name: made when the client connects,
         * before any group of its topics consumes. One that exists must have these subjects; limits of it that differ
         * are told by the event {@code BROKER_DIFFERS}. Default none.
         */
        public Builder stream(NatsStream stream) {
            named.removeIf(known -> known.name().equals(stream.name()));
            named.add(stream.spec());
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws MessagingException {@code BAD_SETTING} for a user without a password, a certificate without its key,
         *     and ids that are known for longer than messages are kept
         */
        @CheckReturnValue
        public NatsSettings build() {
            ConnectionSettings reached = connecting
                    .credentials(who())
                    .tls(tls.build())
                    .timeouts(timeouts.build())
                    .build();
            StreamSettings kept = streams.named(named).build();

            return new NatsSettings(reached, jetStream.streams(kept).build());
        }

        private Credentials who() {
            if (username != null && password != null) {
                return new Credentials.Password(username, password);
            }
            if (username != null || password != null) {
                String missing = username == null ? "username" : "password";
                throw new MessagingException(
                        ErrorCode.BAD_SETTING,
                        "a user and a password belong together",
                        CREDENTIALS + missing,
                        "set the " + missing + " too");
            }

            return credentials;
        }
    }
}
