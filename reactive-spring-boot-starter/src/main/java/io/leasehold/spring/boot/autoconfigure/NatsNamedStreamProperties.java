package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsRetention;
import io.leasehold.nats.NatsStorage;
import io.leasehold.nats.NatsStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A stream of NATS that has to be there: made when the application connects, or compared with what is there. What is
 * not set is as for all streams that are made.
 *
 * @param subjects which topics it keeps, one filter or more
 * @param maxMessages how many messages it keeps at most, of which the oldest go first; 1 or more
 * @param maxBytes how many bytes it keeps at most, of which the oldest go first; 1B or more
 * @param maxAge how long it keeps messages, acked or not; zero for no limit
 * @param duplicateWindow for how long it knows message ids; 100 ms or more
 * @param storage where it keeps its messages
 * @param replicas on how many servers it keeps each message; 1 to 5, or 0 for what suits the servers
 * @param retention what ends the keeping of a message in it
 */
public record NatsNamedStreamProperties(
        @DefaultValue List<String> subjects,
        @Nullable Long maxMessages,
        @Nullable DataSize maxBytes,
        @Nullable Duration maxAge,
        @Nullable Duration duplicateWindow,
        @Nullable NatsStorage storage,
        @Nullable Integer replicas,
        @Nullable NatsRetention retention) {
    /** Copies the list. */
    public NatsNamedStreamProperties {
        subjects = List.copyOf(subjects);
    }

    /**
     * Returns the stream of that name.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} or {@link ErrorCode#BAD_TOPIC}
     */
    NatsStream stream(String name) {
        NatsStream.Builder stream = NatsStream.builder(name).subjects(subjects);
        with(stream, maxMessages, NatsStream.Builder::maxMessages);
        with(stream, maxBytes, (one, size) -> one.maxBytes(size.toBytes()));
        with(stream, maxAge, NatsStream.Builder::maxAge);
        with(stream, duplicateWindow, NatsStream.Builder::duplicateWindow);
        with(stream, storage, NatsStream.Builder::storage);
        with(stream, replicas, NatsStream.Builder::replicas);
        with(stream, retention, NatsStream.Builder::retention);

        return stream.build();
    }

    private static <V> void with(
            NatsStream.Builder stream, @Nullable V value, BiConsumer<NatsStream.Builder, V> setting) {
        if (value != null) {
            setting.accept(stream, value);
        }
    }
}
