package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of Leasehold, without those of brokers whose artifacts may be missing: they are bound apart. What is not
 * set stays as the core has it; a property that is not known stops the start.
 *
 * @param enabled whether Leasehold is configured at all
 * @param name the name of this instance, for people and telemetry; that of the application and a random number if not
 *     set
 * @param broker the kind of broker that the default client uses, for example nats; the only one whose address is given
 *     if not set, else the one in this process, with a warning that nobody asked for it
 * @param publish how publishing is bounded and repeated
 * @param consumer how listeners consume
 * @param metrics the meters of the client
 * @param observation the observations of runs and publishes
 * @param health when a client is called unhealthy
 * @param listeners how single listeners consume otherwise, by the id of the listener
 * @param clients further clients beside the default one, by their name, each with a broker of its own; a name has
 *     letters, digits and single hyphens, as in audit-log, and begins with a letter. Where only these are configured,
 *     and nothing of the broker of the default client, there is no default client
 */
@ConfigurationProperties(prefix = LeaseholdProperties.PREFIX, ignoreUnknownFields = false)
public record LeaseholdProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String name,
        @Nullable String broker,
        @NestedConfigurationProperty @DefaultValue PublishProperties publish,
        @NestedConfigurationProperty @DefaultValue ConsumerProperties consumer,
        @NestedConfigurationProperty @DefaultValue MetricsProperties metrics,
        @NestedConfigurationProperty @DefaultValue ObservationProperties observation,
        @NestedConfigurationProperty @DefaultValue HealthProperties health,
        @DefaultValue Map<String, ConsumerProperties> listeners,
        @DefaultValue Map<String, ClientProperties> clients) {
    /** What all of them begin with. */
    public static final String PREFIX = "leasehold";

    /** How many characters the name of an instance may have. */
    static final int NAME_LENGTH = 128;

    /**
     * Checks the name.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming the property
     */
    public LeaseholdProperties {
        if (name != null && (name.isBlank() || name.length() > NAME_LENGTH)) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a name is blank or longer than " + NAME_LENGTH + " characters",
                    "name",
                    "give the instance a short name, or leave it out");
        }
        listeners = Map.copyOf(listeners);
        clients = Map.copyOf(clients);
    }
}
