package io.leasehold.nats;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.jetstream.JetStreamSettings;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.pace.Backoff;
import io.leasehold.wire.ServerAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How NATS is reached and used. Values only, so that equal ones are equal; {@link #mutate()} starts from them. */
@CheckReturnValue
public final class NatsSettings {
    private final ConnectionSettings connecting;
    private final JetStreamSettings jetStream;

    NatsSettings(ConnectionSettings connecting, JetStreamSettings jetStream) {
        this.connecting = connecting;
        this.jetStream = jetStream;
    }

    /**
     * The defaults for some servers, {@code nats://host:port} each, several separated by commas.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING}
     */
    public static NatsSettings of(String servers) {
        List<ServerAddress> addresses = Arrays.stream(servers.split(","))
                .map(String::strip)
                .map(text -> ServerAddress.parse(ConnectionSettings.PROTOCOL, text))
                .toList();
        return new NatsSettings(ConnectionSettings.of(addresses), JetStreamSettings.DEFAULTS);
    }

    /**
     * Starts from the defaults for some servers, {@code nats://host:port} each, several separated by commas.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING}
     */
    public static NatsSettingsBuilder builder(String servers) {
        return of(servers).mutate();
    }

    /** Starts from these. */
    public NatsSettingsBuilder mutate() {
        return new NatsSettingsBuilder(this);
    }

    /** Returns where the servers are that were configured, {@code host:port} each. */
    public List<String> servers() {
        return connecting.servers().stream().map(ServerAddress::toString).toList();
    }

    /** Returns how long one attempt to connect may take. */
    public Duration connectTimeout() {
        return connecting.timeouts().connectTimeout();
    }

    /** Returns the delays between rounds of attempts to connect. */
    public Backoff reconnect() {
        return connecting.timeouts().reconnect();
    }

    /** Returns how long an answer of the JetStream API is waited for. */
    public Duration requestLimit() {
        return jetStream.requestLimit();
    }

    /** Returns for how long streams that Leasehold makes keep a message. */
    public Duration maxAge() {
        return jetStream.streams().maxAge();
    }

    /** Returns for how long streams that Leasehold makes know the ids of messages. */
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
        return with(jetStream.with(streams));
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
}
