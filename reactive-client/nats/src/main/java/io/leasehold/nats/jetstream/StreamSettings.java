package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says what the client does about streams and consumers, and how it makes those that are missing.
 *
 * @param policy whether it makes what is missing
 * @param storage where messages are kept
 * @param replicas on how many servers: 1 to 5, or {@link #SUITING}
 * @param retention what ends the keeping of a message, beside its age
 * @param maxAge how long messages are kept, acked or not; zero for no limit
 * @param duplicateWindow for how long ids are known
 * @param features what streams can do that not every server knows
 * @param named streams that are made, or looked at, when a session begins
 */
public record StreamSettings(
        Policy policy,
        Storage storage,
        int replicas,
        Retention retention,
        Duration maxAge,
        Duration duplicateWindow,
        Set<Feature> features,
        List<StreamSpec> named) {
    // Before the defaults, which are checked by them.
    static final Duration WINDOW_MIN = Duration.ofMillis(100);
    private static final int REPLICAS_MAX = 5;

    /** As many replicas as suit the servers: three in a cluster that has room for them, else one. */
    public static final int SUITING = 0;

    /** Made when missing, on disk, on as many servers as suit, kept for 7 days, ids known for 2 minutes. */
    public static final StreamSettings DEFAULTS =
            new StreamSettings(Policy.CREATE, Storage.FILE, SUITING, Duration.ofDays(7), Duration.ofMinutes(2));

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public StreamSettings {
        features = Set.copyOf(features);
        named = List.copyOf(named);
        requireReplicas("nats.streams.replicas", replicas);
        if (maxAge.isNegative()) {
            throw MessagingException.badSetting("nats.streams.max-age", maxAge, "0 or more");
        }
        if (duplicateWindow.compareTo(WINDOW_MIN) < 0) {
            throw MessagingException.badSetting("nats.streams.duplicate-window", duplicateWindow, "100 ms or more");
        }
        if (maxAge.compareTo(Duration.ZERO) > 0 && duplicateWindow.compareTo(maxAge) > 0) {
            throw MessagingException.badSetting(
                    "nats.streams.duplicate-window", duplicateWindow, "at most nats.streams.max-age, " + maxAge);
        }
    }

    /** Makes settings of streams that keep by limits alone, without features. */
    public StreamSettings(Policy policy, Storage storage, int replicas, Duration maxAge, Duration duplicateWindow) {
        this(policy, storage, replicas, Retention.LIMITS, maxAge, duplicateWindow, Set.of());
    }

    /** Makes settings of streams of which none is named. */
    public StreamSettings(
            Policy policy,
            Storage storage,
            int replicas,
            Retention retention,
            Duration maxAge,
            Duration duplicateWindow,
            Set<Feature> features) {
        this(policy, storage, replicas, retention, maxAge, duplicateWindow, features, List.of());
    }

    static void requireReplicas(String setting, int replicas) {
        if (replicas < SUITING || replicas > REPLICAS_MAX) {
            throw MessagingException.badSetting(
                    setting, replicas, "in 1.." + REPLICAS_MAX + ", or 0 for what suits the servers");
        }
    }

    /** Returns the same with another policy. */
    public StreamSettings with(Policy other) {
        return new StreamSettings(other, storage, replicas, retention, maxAge, duplicateWindow, features, named);
    }

    /** Returns the same with another storage. */
    public StreamSettings with(Storage other) {
        return new StreamSettings(policy, other, replicas, retention, maxAge, duplicateWindow, features, named);
    }

    /** Returns the same on so many servers. */
    public StreamSettings replicated(int servers) {
        return new StreamSettings(policy, storage, servers, retention, maxAge, duplicateWindow, features, named);
    }

    /** Returns the same with another retention. */
    public StreamSettings with(Retention other) {
        return new StreamSettings(policy, storage, replicas, other, maxAge, duplicateWindow, features, named);
    }

    /** Returns the same, keeping messages and ids for so long. */
    public StreamSettings keeping(Duration age, Duration window) {
        return new StreamSettings(policy, storage, replicas, retention, age, window, features, named);
    }

    /** Returns the same with other features. */
    public StreamSettings with(Set<Feature> others) {
        return new StreamSettings(policy, storage, replicas, retention, maxAge, duplicateWindow, others, named);
    }

    /** Returns the same with other named streams. */
    public StreamSettings naming(List<StreamSpec> streams) {
        return new StreamSettings(policy, storage, replicas, retention, maxAge, duplicateWindow, features, streams);
    }

    /** Says what ends the keeping of a message. */
    public enum Retention {
        /** Its age, and the limits of the stream. */
        LIMITS,
        /** That too, or that every group has acked it. */
        INTEREST,
        /** That too, or that the one group which may consume it has acked it. */
        WORK_QUEUE;

        /** Returns the word by which JetStream calls it. */
        String word() {
            return this == WORK_QUEUE ? "workqueue" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** Names what a stream may be asked to do. */
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

        /** Returns the key of a stream's configuration. */
        String key() {
            return key;
        }

        /** Returns the level of the JetStream API from which it is known. */
        int level() {
            return level;
        }
    }

    /** Says what happens to what is missing. */
    public enum Policy {
        /** Streams and consumers are made. */
        CREATE,
        /** Streams must be there, consumers are made. */
        USE_STREAMS,
        /** Both must be there: nothing is made. */
        USE
    }

    /** Says where messages are kept. */
    public enum Storage {
        /** On disk. */
        FILE,
        /** In memory. */
        MEMORY
    }
}
