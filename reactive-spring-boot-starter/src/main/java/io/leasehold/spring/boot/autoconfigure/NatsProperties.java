package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * NATS JetStream as the broker: used instead of the one in this process as soon as {@code servers} is set, unless
 * {@code leasehold.broker} says otherwise. What is not set stays as {@link NatsSettings} has it.
 *
 * @param servers where NATS listens: nats://host:port or tls://host:port each, without credentials
 * @param credentials who we are to the server; nobody in particular if not set
 * @param tls how the connection is secured
 * @param connection how the connection is kept
 * @param requestLimit how long an answer of JetStream is waited for; 100 ms or more
 * @param connections over how many connections the groups of this application are spread; 1 to 64
 * @param terminateReasons whether a terminate is written with its reason; only where all servers are 2.10.4 or newer
 * @param domain the JetStream domain that is used, as with a leaf node; that of the server if not set
 * @param apiPrefix what the subjects of the JetStream API begin with, instead of a domain; $JS.API if not set
 * @param streams what is done about streams and consumers
 */
@ConfigurationProperties(prefix = NatsProperties.PREFIX, ignoreUnknownFields = false)
public record NatsProperties(
        @DefaultValue List<String> servers,
        @NestedConfigurationProperty @DefaultValue NatsCredentialsProperties credentials,
        @NestedConfigurationProperty @DefaultValue NatsTlsProperties tls,
        @NestedConfigurationProperty @DefaultValue NatsConnectionProperties connection,
        @Nullable Duration requestLimit,
        @Nullable Integer connections,
        @Nullable Boolean terminateReasons,
        @Nullable String domain,
        @Nullable String apiPrefix,
        @NestedConfigurationProperty @DefaultValue NatsStreamsProperties streams) {
    /** What all of them begin with. */
    public static final String PREFIX = LeaseholdProperties.PREFIX + "." + NatsBrokerFactory.NAME;

    /**
     * Tries each on the settings of the core.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming the property
     */
    public NatsProperties {
        servers = List.copyOf(servers);
        Refusals.check("servers", servers.isEmpty() ? null : servers, value -> start().servers(value));
        Refusals.check("request-limit", requestLimit, value -> start().requestLimit(value));
        Refusals.check("connections", connections, value -> start().connections(value));
        Refusals.check("domain", domain, value -> start().domain(value));
        Refusals.check("api-prefix", apiPrefix, value -> start().apiPrefix(value));
        if (domain != null && apiPrefix != null) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "where the JetStream API listens is said in two ways",
                    "api-prefix",
                    "keep one of leasehold.nats.domain and leasehold.nats.api-prefix");
        }
        if (servers.isEmpty() && credentials.isSet()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "there are credentials, but no server to show them to",
                    "servers",
                    "set leasehold.nats.servers, or remove the credentials");
        }
    }

    /** Begins settings on which single ones are checked. */
    static NatsSettings.Builder start() {
        return NatsSettings.builder();
    }

    /** Applies one setting, where it is set. */
    static <V> NatsSettings.Builder with(
            NatsSettings.Builder builder,
            @Nullable V value,
            BiFunction<NatsSettings.Builder, V, NatsSettings.Builder> setting) {
        return value == null ? builder : setting.apply(builder, value);
    }

    /**
     * Returns how long the start waits: for a first connection two rounds over all servers, for streams and consumers
     * the time of some requests each.
     */
    StartLimits startLimits() {
        Duration once = settings().connectTimeout();
        Duration usual = start().build().requestLimit();
        return new StartLimits(
                once.multipliedBy(2L * Math.max(1, servers.size()) + 2),
                (requestLimit == null ? usual : requestLimit).multipliedBy(6));
    }

    /** Returns the settings of a broker. */
    public NatsSettings settings() {
        NatsSettings.Builder builder = start().servers(servers);
        with(builder, requestLimit, NatsSettings.Builder::requestLimit);
        with(builder, connections, NatsSettings.Builder::connections);
        with(builder, terminateReasons, NatsSettings.Builder::terminateReasons);
        with(builder, domain, NatsSettings.Builder::domain);
        with(builder, apiPrefix, NatsSettings.Builder::apiPrefix);
        credentials.addTo(builder);
        tls.addTo(builder);
        connection.addTo(builder);
        streams.addTo(builder);

        return builder.build();
    }
}
