package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * What the client does about streams and consumers, and how it makes those that are missing.
 *
 * @param policy whether it makes what is missing
 * @param storage where messages are kept
 * @param replicas on how many servers: 1, 3 or 5
 * @param maxAge how long messages are kept, acked or not; zero for no limit
 * @param duplicateWindow for how long ids are known
 */
public record StreamSettings(Policy policy, Storage storage, int replicas, Duration maxAge, Duration duplicateWindow) {
    /** Made when missing, on disk, on one server, kept for 7 days, ids known for 2 minutes. */
    public static final StreamSettings DEFAULTS =
            new StreamSettings(Policy.CREATE, Storage.FILE, 1, Duration.ofDays(7), Duration.ofMinutes(2));

    private static final int REPLICAS_MAX = 5;

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public StreamSettings {
        if (replicas < 1 || replicas > REPLICAS_MAX) {
            throw MessagingException.badSetting("nats.streams.replicas", replicas, "in 1.." + REPLICAS_MAX);
        }
        if (maxAge.isNegative()) {
            throw MessagingException.badSetting("nats.streams.max-age", maxAge, "0 or more");
        }
        if (duplicateWindow.compareTo(Duration.ofMillis(100)) < 0) {
            throw MessagingException.badSetting("nats.streams.duplicate-window", duplicateWindow, "100 ms or more");
        }
    }

    /** What happens to what is missing. */
    public enum Policy {
        /** Streams and consumers are made. */
        CREATE,
        /** Streams must be there, consumers are made. */
        USE_STREAMS,
        /** Both must be there: nothing is made. */
        USE
    }

    /** Where messages are kept. */
    public enum Storage {
        /** On disk. */
        FILE,
        /** In memory. */
        MEMORY
    }
}
