package io.leasehold.nats;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.nats.jetstream.StreamSpec;
import java.time.Duration;
import java.util.List;

/**
 * A stream that has to be there, so that an application that only publishes can make it:
 *
 * <pre>{@code
 * NatsSettings.builder("nats://localhost:4222")
 *         .stream(NatsStream.of("orders", "orders.>").maxBytes(10L << 30).maxAge(Duration.ofDays(30)))
 *         .build();
 * }</pre>
 *
 * <p>What is not said of it is as the settings have it for all streams that are made. Immutable; each method gives
 * another one, and throws {@link io.leasehold.error.MessagingException} with {@code BAD_SETTING} beyond its bounds.
 */
@CheckReturnValue
public final class NatsStream {
    private final StreamSpec spec;

    private NatsStream(StreamSpec spec) {
        this.spec = spec;
    }

    /**
     * A stream.
     *
     * @param name its name: no blanks, dots, wildcards or slashes, 200 characters at most
     * @param subjects which topics it keeps, one filter or more
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} or {@code BAD_TOPIC}
     */
    public static NatsStream of(String name, String... subjects) {
        return of(name, List.of(subjects));
    }

    /** The same. */
    public static NatsStream of(String name, List<String> subjects) {
        return new NatsStream(StreamSpec.of(name, subjects));
    }

    /** Its name. */
    public String name() {
        return spec.name();
    }

    /** How many messages it keeps at most, of which the oldest go first; 1 or more. Default no bound. */
    public NatsStream maxMessages(long most) {
        return new NatsStream(spec.maxMessages(most));
    }

    /** How many bytes it keeps at most, of which the oldest go first; 1 or more. Default by the account's limits. */
    public NatsStream maxBytes(long most) {
        return new NatsStream(spec.maxBytes(most));
    }

    /** How long it keeps messages, acked or not; zero for no limit. */
    public NatsStream maxAge(Duration age) {
        return new NatsStream(spec.maxAge(age));
    }

    /** For how long it knows message ids; 100 ms or more. */
    public NatsStream duplicateWindow(Duration window) {
        return new NatsStream(spec.duplicateWindow(window));
    }

    /** Where it keeps its messages. */
    public NatsStream storage(NatsStorage storage) {
        return new NatsStream(spec.with(StreamSettings.Storage.valueOf(storage.name())));
    }

    /** On how many servers it keeps each message; 1 to 5, or 0 for what suits the servers. */
    public NatsStream replicas(int servers) {
        return new NatsStream(spec.replicas(servers));
    }

    /** What ends the keeping of a message in it. */
    public NatsStream retention(NatsRetention retention) {
        return new NatsStream(spec.with(StreamSettings.Retention.valueOf(retention.name())));
    }

    StreamSpec spec() {
        return spec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NatsStream stream && stream.spec.equals(spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
