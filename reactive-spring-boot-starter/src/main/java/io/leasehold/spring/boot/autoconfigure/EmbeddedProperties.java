package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The broker in this process. What is not set stays as {@link EmbeddedSettings#defaults()} has it.
 *
 * @param mode how it treats what comes with an old receipt, and what a restart does to leases
 * @param capacityMessages how many messages may wait or be held; 1 to 100,000,000
 * @param capacityBytes how many bytes of bodies these may have; 1 B to 1 TB
 * @param waitingPublishes how many publishes may wait for room; 0 to 1,000,000
 * @param messageBytesMax how many bytes one body may have; 1 B to 1 GB
 * @param allowUnkept whether a message that neither a group nor retention keeps is confirmed and forgotten
 * @param duplicateWindow for how long a message id is recognised; zero, for never, to 30 days
 * @param duplicateIds how many message ids are remembered; 1 to 10,000,000
 */
@ConfigurationProperties(prefix = EmbeddedProperties.PREFIX, ignoreUnknownFields = false)
public record EmbeddedProperties(
        @Nullable EmbeddedMode mode,
        @Nullable Integer capacityMessages,
        @Nullable DataSize capacityBytes,
        @Nullable Integer waitingPublishes,
        @Nullable DataSize messageBytesMax,
        @Nullable Boolean allowUnkept,
        @Nullable Duration duplicateWindow,
        @Nullable Integer duplicateIds) {
    /** What all of those of the default client begin with. */
    public static final String PREFIX = LeaseholdProperties.PREFIX + "." + EmbeddedBrokerFactory.NAME;

    /**
     * Tries each on the broker's settings.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public EmbeddedProperties {
        Refusals.check(
                "capacity-messages",
                capacityMessages,
                value -> start().capacityMessages(value).build());
        Refusals.check(
                "capacity-bytes",
                capacityBytes,
                value -> start().capacityBytes(value.toBytes()).build());
        Refusals.check(
                "waiting-publishes",
                waitingPublishes,
                value -> start().waitingPublishes(value).build());
        Refusals.check(
                "message-bytes-max",
                messageBytesMax,
                value -> start().messageBytesMax(bytes(value)).build());
        Refusals.check(
                "duplicate-window",
                duplicateWindow,
                value -> start().duplicateWindow(value).build());
        Refusals.check(
                "duplicate-ids",
                duplicateIds,
                value -> start().duplicateIds(value).build());
    }

    private static EmbeddedSettings.Builder start() {
        return EmbeddedSettings.builder();
    }

    private static int bytes(DataSize size) {
        return Math.toIntExact(size.toBytes());
    }

    /** Returns the settings of a broker. */
    public EmbeddedSettings settings() {
        EmbeddedSettings base = EmbeddedSettings.defaults();
        return base.mutate()
                .mode(mode == null ? EmbeddedMode.FENCED : mode)
                .capacityMessages(capacityMessages == null ? base.capacityMessages() : capacityMessages)
                .capacityBytes(capacityBytes == null ? base.capacityBytes() : capacityBytes.toBytes())
                .waitingPublishes(waitingPublishes == null ? base.waitingPublishes() : waitingPublishes)
                .messageBytesMax(messageBytesMax == null ? base.messageBytesMax() : bytes(messageBytesMax))
                .allowUnkept(allowUnkept == null ? base.allowUnkept() : allowUnkept)
                .duplicateWindow(duplicateWindow == null ? base.duplicateWindow() : duplicateWindow)
                .duplicateIds(duplicateIds == null ? base.duplicateIds() : duplicateIds)
                .build();
    }
}
