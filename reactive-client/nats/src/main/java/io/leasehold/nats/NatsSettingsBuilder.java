package io.leasehold.nats;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.ConnectionSettings.Options;
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
import java.util.Collection;
import java.util.List;

/**
 * Makes {@link NatsSettings} from what users have at hand. Each method checks its bounds and throws {@link
 * io.leasehold.error.MessagingException} with {@code BAD_SETTING}. Not safe for use by many threads.
 *
 * <pre>{@code
 * NatsBroker.of(NatsSettings.builder("tls://nats-1:4222,tls://nats-2:4222")
 *         .credentialsFile(Path.of("/run/secrets/desk.creds"))
 *         .replicas(3)
 *         .build());
 * }</pre>
 */
@CanIgnoreReturnValue
public final class NatsSettingsBuilder {
    private ConnectionSettings connecting;
    private JetStreamSettings jetStream;

    NatsSettingsBuilder(NatsSettings from) {
        connecting = from.connecting();
        jetStream = from.jetStream();
    }

    // ---- where

    /**
     * The servers, {@code nats://host:port} or {@code tls://host:port} each; they are tried in
     * random order, those that servers tell of after them, and first the one that worked last.
     */
    public NatsSettingsBuilder servers(Collection<String> servers) {
        connecting = new ConnectionSettings(
                servers.stream()
                        .map(String::strip)
                        .map(text -> ServerAddress.parse(ConnectionSettings.PROTOCOL, text))
                        .toList(),
                connecting.credentials(),
                connecting.tls(),
                connecting.timeouts(),
                connecting.limits(),
                connecting.options());
        return this;
    }

    /** Whether servers that servers tell of are connected to as well; default true. */
    public NatsSettingsBuilder discoverServers(boolean learn) {
        return with(connecting.options().learning(learn));
    }

    /**
     * Whether what the platform has is used instead of NIO: io_uring where {@code netty-transport-native-io_uring}
     * is on the class path, else epoll or kqueue where present; default true.
     */
    public NatsSettingsBuilder nativeTransport(boolean use) {
        return with(connecting.options().over(use));
    }

    /**
     * What the subjects begin with at which answers and deliveries arrive; default {@code _INBOX}. With one for each
     * user, and permissions to subscribe to nothing else, no user can read the answers of another.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC}
     */
    public NatsSettingsBuilder inboxPrefix(String prefix) {
        return with(connecting.options().answeredAt(prefix));
    }

    // ---- who

    /** A user and a password. */
    public NatsSettingsBuilder password(String user, String password) {
        return with(new Credentials.Password(user, Secret.of(password)));
    }

    /** A token. */
    public NatsSettingsBuilder token(String token) {
        return with(new Credentials.Token(Secret.of(token)));
    }

    /** The key of a user, by its seed {@code SU..}; it never leaves us. */
    public NatsSettingsBuilder nkeySeed(String seed) {
        return with(new Credentials.NKey(Secret.of(seed)));
    }

    /** The key of a user, whose seed stands in a file that is read again at each connect. */
    public NatsSettingsBuilder nkeySeedFile(Path file) {
        return with(new Credentials.NKey(Secret.inFile(file)));
    }

    /** A credentials file with JWT and seed, as {@code nsc} writes it; it is read again at each connect. */
    public NatsSettingsBuilder credentialsFile(Path file) {
        return with(new Credentials.JwtFile(file));
    }

    private NatsSettingsBuilder with(Credentials credentials) {
        connecting = connecting.with(credentials);
        return this;
    }

    // ---- secured how

    /** When TLS is used; default {@link NatsTls#AS_ASKED}. */
    public NatsSettingsBuilder tls(NatsTls when) {
        return with(connecting.tls().with(TlsSettings.Mode.valueOf(when.name())));
    }

    /** Certificates in PEM that sign those of the servers; default those of the Java runtime. */
    public NatsSettingsBuilder trust(Path pem) {
        return with(connecting.tls().trusting(pem));
    }

    /**
     * Our own certificate chain in PEM, and its key in PKCS 8 and PEM without password. A key in another form ends the
     * start of the client with {@code BAD_SETTING}.
     */
    public NatsSettingsBuilder identity(Path certificate, Path key) {
        return with(connecting.tls().as(new TlsSettings.Identity(certificate, key)));
    }

    private NatsSettingsBuilder with(TlsSettings tls) {
        connecting = connecting.with(tls);
        return this;
    }

    // ---- times

    /** From the first packet to the server's welcome; default 5 s, 10 ms to 10 min. */
    public NatsSettingsBuilder connectTimeout(Duration limit) {
        Timeouts timeouts = connecting.timeouts();
        return with(new Timeouts(
                limit,
                timeouts.pingEvery(),
                timeouts.pongTimeout(),
                timeouts.writeTimeout(),
                timeouts.closeTimeout(),
                timeouts.reconnect()));
    }

    /** How often a silent server is asked whether it is there; default 1 s, 10 ms to 10 min. */
    public NatsSettingsBuilder pingEvery(Duration time) {
        return with(connecting.timeouts().pinging(time, connecting.timeouts().pongTimeout()));
    }

    /** How long a server may be silent after that; default 2 s, 10 ms to 10 min. */
    public NatsSettingsBuilder pongTimeout(Duration limit) {
        return with(connecting.timeouts().pinging(connecting.timeouts().pingEvery(), limit));
    }

    /** The delays between rounds over all servers; default 100 ms doubling to 5 s, spread by half. */
    public NatsSettingsBuilder reconnect(Backoff delays) {
        return with(connecting.timeouts().reconnecting(delays));
    }

    /** Whether to give up when no server could be connected to in the first round; default false. */
    public NatsSettingsBuilder failFast(boolean fast) {
        return with(connecting.options().failingFast(fast));
    }

    /**
     * After how long of being refused for who we are the connection is given up for good; default zero: never. It goes
     * on trying at the largest of the {@linkplain #reconnect delays}, and tells of each refusal.
     */
    public NatsSettingsBuilder refusedFor(Duration limit) {
        return with(connecting.options().refusedFor(limit));
    }

    private NatsSettingsBuilder with(Timeouts timeouts) {
        connecting = connecting.with(timeouts);
        return this;
    }

    private NatsSettingsBuilder with(Options options) {
        connecting = connecting.with(options);
        return this;
    }

    // ---- used how

    /** How long an answer of JetStream is waited for; default 5 s, 100 ms or more. */
    public NatsSettingsBuilder requestLimit(Duration limit) {
        jetStream = jetStream.within(limit);
        return this;
    }

    /** How many connections the client has; default 1, 1 to 64. */
    public NatsSettingsBuilder connections(int count) {
        jetStream = jetStream.over(count);
        return this;
    }

    /**
     * Whether a terminate is written with its reason, for whoever listens to the server's advisories; default false.
     * Only where all servers of a cluster are 2.10.4 or newer: older ones answer such a terminate and do not carry it
     * out. An older one that we are connected to gets none.
     */
    public NatsSettingsBuilder terminateReasons(boolean tell) {
        jetStream = jetStream.tellingReasons(tell);
        return this;
    }

    /** What happens to streams and consumers that are missing; default {@link NatsStreams#CREATE}. */
    public NatsSettingsBuilder streams(NatsStreams policy) {
        return with(jetStream.streams().with(StreamSettings.Policy.valueOf(policy.name())));
    }

    /** Where streams that are made keep their messages; default {@link NatsStorage#FILE}. */
    public NatsSettingsBuilder storage(NatsStorage storage) {
        return with(jetStream.streams().with(StreamSettings.Storage.valueOf(storage.name())));
    }

    /** What ends the keeping of a message in streams that are made; default {@link NatsRetention#LIMITS}. */
    public NatsSettingsBuilder retention(NatsRetention retention) {
        return with(jetStream.streams().with(StreamSettings.Retention.valueOf(retention.name())));
    }

    /**
     * On how many servers streams that are made keep each message; 1 to 5. Default 0: on three in a cluster that has
     * room for them, else on one; the event {@code STREAM_MADE} says what was made.
     */
    public NatsSettingsBuilder replicas(int servers) {
        return with(jetStream.streams().replicated(servers));
    }

    /**
     * How streams that are made keep messages, acked or not, and know their ids; default 7 days and 2 minutes. Where
     * the account has a limit, a stream takes at most a quarter of what was left of it when it was made.
     *
     * @param maxAge of messages; zero for no limit
     * @param duplicateWindow of ids; 100 ms or more, at most {@code maxAge}, and no shorter than publishes are repeated
     */
    public NatsSettingsBuilder keeping(Duration maxAge, Duration duplicateWindow) {
        return with(jetStream.streams().keeping(maxAge, duplicateWindow));
    }

    /**
     * One more stream that has to be there: made when the client connects, before any group of its topics consumes.
     * One that exists must have these subjects; limits of it that differ are told by the event {@code BROKER_DIFFERS}.
     */
    public NatsSettingsBuilder stream(NatsStream stream) {
        List<StreamSpec> named = new ArrayList<>(jetStream.streams().named());
        named.removeIf(known -> known.name().equals(stream.name()));
        named.add(stream.spec());
        return with(jetStream.streams().naming(named));
    }

    /**
     * The JetStream domain that is used, as with a leaf node; default that of the server that is connected to.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC}
     */
    public NatsSettingsBuilder domain(String domain) {
        return apiPrefix("$JS." + domain + ".API");
    }

    /**
     * What the subjects of the JetStream API begin with, where the account imports them under another name; default
     * {@code $JS.API}.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC}
     */
    public NatsSettingsBuilder apiPrefix(String prefix) {
        jetStream = jetStream.at(prefix);
        return this;
    }

    private NatsSettingsBuilder with(StreamSettings streams) {
        jetStream = jetStream.with(streams);
        return this;
    }

    /** The settings. */
    @CheckReturnValue
    public NatsSettings build() {
        return new NatsSettings(connecting, jetStream);
    }
}
