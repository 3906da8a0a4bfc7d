package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.nats.NatsRetention;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsStorage;
import io.leasehold.nats.NatsStreams;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is done about streams and consumers of NATS, and what streams are like that are made here. What is not set
 * stays as {@link NatsSettings} has it.
 *
 * @param policy what happens to streams and consumers that are missing; use or use-streams where operators make them
 * @param storage where streams that are made here keep their messages
 * @param retention what ends the keeping of a message in them
 * @param replicas on how many servers they keep each message; 1 to 5, or 0 for three in a cluster and one elsewhere
 * @param maxAge how long they keep messages, acked or not; zero for no limit
 * @param duplicateWindow for how long they know message ids; 100 ms or more, at most max-age
 * @param named streams that have to be there, by name: made when the application connects, before anything is published
 */
public record NatsStreamsProperties(
        @Nullable NatsStreams policy,
        @Nullable NatsStorage storage,
        @Nullable NatsRetention retention,
        @Nullable Integer replicas,
        @Nullable Duration maxAge,
        @Nullable Duration duplicateWindow,
        @DefaultValue Map<String, NatsNamedStreamProperties> named) {
    /**
     * Tries each on the settings of the core.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public NatsStreamsProperties {
        named = Map.copyOf(named);
        named.forEach((name, stream) -> Refusals.check("named." + name, stream, value -> value.stream(name)));
        Refusals.check("replicas", replicas, value -> NatsProperties.start().replicas(value));
        Refusals.check(
                "duplicate-window",
                duplicateWindow,
                value -> NatsProperties.start().duplicateWindow(value));
        Refusals.check("max-age", maxAge, value -> NatsProperties.start().maxAge(value));
        Duration window = duplicateWindow;
        Duration age = maxAge;
        Refusals.check(
                window == null ? "max-age" : "duplicate-window",
                window == null ? age : window,
                value -> keeping(age, window).build());
    }

    private static NatsSettings.Builder keeping(@Nullable Duration age, @Nullable Duration window) {
        NatsSettings.Builder builder = NatsProperties.start();
        NatsProperties.with(builder, age, NatsSettings.Builder::maxAge);
        NatsProperties.with(builder, window, NatsSettings.Builder::duplicateWindow);

        return builder;
    }

    void addTo(NatsSettings.Builder builder) {
        NatsProperties.with(builder, policy, NatsSettings.Builder::streams);
        NatsProperties.with(builder, storage, NatsSettings.Builder::storage);
        NatsProperties.with(builder, retention, NatsSettings.Builder::retention);
        NatsProperties.with(builder, replicas, NatsSettings.Builder::replicas);
        named.forEach((name, stream) -> builder.stream(stream.stream(name)));
        NatsProperties.with(builder, maxAge, NatsSettings.Builder::maxAge);
        NatsProperties.with(builder, duplicateWindow, NatsSettings.Builder::duplicateWindow);
    }
}
