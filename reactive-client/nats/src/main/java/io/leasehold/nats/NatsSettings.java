package io.leasehold.nats;

import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.jetstream.JetStreamSettings;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.wire.ServerAddress;
import java.util.Arrays;
import java.util.List;

/**
 * How NATS is reached and used. Values only, so that equal ones are equal.
 *
 * @param connecting servers, credentials, TLS, timeouts, limits
 * @param jetStream the API, and what is done about streams and consumers
 */
public record NatsSettings(ConnectionSettings connecting, JetStreamSettings jetStream) {

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

    /** The same, reached so. */
    public NatsSettings with(ConnectionSettings other) {
        return new NatsSettings(other, jetStream);
    }

    /** The same, used so. */
    public NatsSettings with(JetStreamSettings other) {
        return new NatsSettings(connecting, other);
    }

    /** The same, with other streams. */
    public NatsSettings with(StreamSettings streams) {
        return with(jetStream.with(streams));
    }
}
