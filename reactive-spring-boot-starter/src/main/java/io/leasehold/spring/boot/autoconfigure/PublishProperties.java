package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How publishing is bounded and repeated. What is not set stays as {@link PublishSettings#defaults()} has it.
 *
 * @param window how many messages of the client may be unconfirmed; 1 to 65,536
 * @param windowBytes how many bytes these may have; 1 KB to 1 GB
 * @param waiting how many single publishes may wait for the window, their key or a stage; 0 to 1,000,000
 * @param timeout from subscribing to the answer, all waiting and repetitions included; 1 ms to 1 h
 * @param retry how often and after what delays a message is written again after an error that allows it
 * @param haltedKeysMax how many keys of ordered publishing may be halted; 1 to 1,000,000
 */
public record PublishProperties(
        @Nullable Integer window,
        @Nullable DataSize windowBytes,
        @Nullable Integer waiting,
        @Nullable Duration timeout,
        @NestedConfigurationProperty @DefaultValue RetryProperties retry,
        @Nullable Integer haltedKeysMax) {

    /**
     * Tries each on the core's settings.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public PublishProperties {
        Refusals.check("window", window, value -> start().window(value).build());
        Refusals.check(
                "window-bytes",
                windowBytes,
                value -> start().windowBytes(bytes(value)).build());
        Refusals.check("waiting", waiting, value -> start().waiting(value).build());
        Refusals.check("timeout", timeout, value -> start().timeout(value).build());
        Refusals.check(
                "halted-keys-max",
                haltedKeysMax,
                value -> start().haltedKeysMax(value).build());
        retry.applyTo(PublishSettings.defaults().retry());
    }

    private static int bytes(DataSize size) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, size.toBytes()));
    }

    private static PublishSettings.Builder start() {
        return PublishSettings.builder();
    }

    /** Returns the settings of the default client. */
    public PublishSettings settings() {
        return applyTo(PublishSettings.defaults());
    }

    /** Returns settings with what is set here instead. */
    PublishSettings applyTo(PublishSettings base) {
        return base.mutate()
                .window(window == null ? base.window() : window)
                .windowBytes(windowBytes == null ? base.windowBytes() : bytes(windowBytes))
                .waiting(waiting == null ? base.waiting() : waiting)
                .timeout(timeout == null ? base.timeout() : timeout)
                .retry(retry.applyTo(base.retry()))
                .haltedKeysMax(haltedKeysMax == null ? base.haltedKeysMax() : haltedKeysMax)
                .build();
    }
}
