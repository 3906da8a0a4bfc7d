package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * What the client does about streams and consumers, and how it makes those that are missing.
 *
 * @param policy whether it makes what is missing
 * @param storage where messages are kept
 * @param replicas on how many servers: 1, 3 or 5
 * @param retention what ends the keeping of a message, beside its age
 * @param maxAge how long messages are kept, acked or not; zero for no limit
 * @param duplicateWindow for how long ids are known
 * @param features what streams can do that not every server knows
 */
public record StreamSettings(
        Policy policy,
        Storage storage,
        int replicas,
        Retention retention,
        Duration maxAge,
        Duration duplicateWindow,
        Set<Feature> features) {
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
        features = Set.copyOf(features);
        if (replicas < 1 || replicas > REPLICAS_MAX) {
            throw MessagingException.badSetting("nats.streams.replicas", replicas, "in 1.." + REPLICAS_MAX);
        }
        if (maxAge.isNegative()) {
            throw MessagingException.badSetting("nats.streams.max-age", maxAge, "0 or more");
        }
        if (duplicateWindow.compareTo(Duration.ofMillis(100)) < 0) {
            throw MessagingException.badSetting("nats.streams.duplicate-window", duplicateWindow, "100 ms or more");
        }
        if (maxAge.compareTo(Duration.ZERO) > 0 && duplicateWindow.compareTo(maxAge) > 0) {
            throw MessagingException.badSetting(
                    "nats.streams.duplicate-window", duplicateWindow, "at most nats.streams.max-age, " + maxAge);
        }
    }

    /** Streams that keep by limits alone, without features. */
    public StreamSettings(Policy policy, Storage storage, int replicas, Duration maxAge, Duration duplicateWindow) {
        this(policy, storage, replicas, Retention.LIMITS, maxAge, duplicateWindow, Set.of());
    }

    /** The same with another retention. */
    public StreamSettings with(Retention other) {
        return new StreamSettings(policy, storage, replicas, other, maxAge, duplicateWindow, features);
    }

    /** The same with other features. */
    public StreamSettings with(Set<Feature> others) {
        return new StreamSettings(policy, storage, replicas, retention, maxAge, duplicateWindow, others);
    }

    /** What ends the keeping of a message. */
    public enum Retention {
        /** Its age, and the limits of the stream. */
        LIMITS,
        /** That too, or that every group has acked it. */
        INTEREST,
        /** That too, or that the one group which may consume it has acked it. */
        WORK_QUEUE;

        /** As JetStream calls it. */
        String word() {
            return this == WORK_QUEUE ? "workqueue" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a stream may be asked to do. */
    public enum Feature {
        /** Messages with a time to live of their own; servers 2.11 and later. */
        MESSAGE_TTL("allow_msg_ttl", 1),
        /** Messages that are published later; servers 2.12 and later. */
        SCHEDULES("allow_msg_schedules", 2);

        private final String key;
        private final int level;

        Feature(String key, int level) {
            this.key = key;
            this.level = level;
        }

        /** The key of a stream's configuration. */
        String key() {
            return key;
        }

        /** The level of the JetStream API from which it is known. */
        int level() {
            return level;
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
