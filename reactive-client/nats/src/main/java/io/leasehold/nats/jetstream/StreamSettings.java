package io.leasehold.nats.jetstream;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the client does about streams and consumers, and how it makes those that are missing. Values only, so that
 * equal ones are equal.
 */
@CheckReturnValue
public final class StreamSettings {
    /** As many replicas as suit the servers: three in a cluster that has room for them, else one. */
    public static final int SUITING = 0;

    private static final String PREFIX = "leasehold.nats.streams.";
    private static final Duration WINDOW_MIN = Duration.ofMillis(100);
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final int REPLICAS_MAX = 5;

    private static final StreamSettings DEFAULTS = new Builder().build();

    private final Policy policy;
    private final Storage storage;
    private final int replicas;
    private final Retention retention;
    private final Duration maxAge;
    private final Duration duplicateWindow;
    private final Set<Feature> features;
    private final List<StreamSpec> named;

    private StreamSettings(Builder values) {
        policy = values.policy;
        storage = values.storage;
        replicas = values.replicas;
        retention = values.retention;
        maxAge = values.maxAge;
        duplicateWindow = values.duplicateWindow;
        features = values.features;
        named = values.named;
    }

    /** Returns the defaults. */
    public static StreamSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    static int requireReplicas(String setting, int servers) {
        return Bounds.within(setting, servers, SUITING, REPLICAS_MAX);
    }

    static Duration requireMaxAge(String setting, Duration age) {
        return Bounds.within(setting, age, Duration.ZERO, FOREVER);
    }

    static Duration requireDuplicateWindow(String setting, Duration window) {
        return Bounds.within(setting, window, WINDOW_MIN, FOREVER);
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.policy = policy;
        values.storage = storage;
        values.replicas = replicas;
        values.retention = retention;
        values.maxAge = maxAge;
        values.duplicateWindow = duplicateWindow;
        values.features = features;
        values.named = named;

        return values;
    }

    /** Returns whether what is missing is made. */
    public Policy policy() {
        return policy;
    }

    /** Returns where messages are kept. */
    public Storage storage() {
        return storage;
    }

    /** Returns on how many servers each message is kept, or {@link #SUITING}. */
    public int replicas() {
        return replicas;
    }

    /** Returns what ends the keeping of a message, beside its age. */
    public Retention retention() {
        return retention;
    }

    /** Returns how long messages are kept, acked or not; zero for no limit. */
    public Duration maxAge() {
        return maxAge;
    }

    /** Returns for how long ids are known. */
    public Duration duplicateWindow() {
        return duplicateWindow;
    }

    /** Returns what streams can do that not every server knows. */
    public Set<Feature> features() {
        return features;
    }

    /** Returns the streams that are made, or looked at, when a session begins. */
    public List<StreamSpec> named() {
        return named;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(policy, storage, replicas, retention, maxAge, duplicateWindow, features, named);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "StreamSettings" + values();
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

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private Policy policy = Policy.CREATE;
        private Storage storage = Storage.FILE;
        private int replicas = SUITING;
        private Retention retention = Retention.LIMITS;
        private Duration maxAge = Duration.ofDays(7);
        private Duration duplicateWindow = Duration.ofMinutes(2);
        private Set<Feature> features = Set.of();
        private List<StreamSpec> named = List.of();

        private Builder() {}

        /** Sets whether what is missing is made; default {@link Policy#CREATE}. */
        public Builder policy(Policy then) {
            policy = Objects.requireNonNull(then, "policy");
            return this;
        }

        /** Sets where messages are kept; default {@link Storage#FILE}. */
        public Builder storage(Storage where) {
            storage = Objects.requireNonNull(where, "storage");
            return this;
        }

        /**
         * Sets on how many servers each message is kept: 1 to 5; default {@link #SUITING}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder replicas(int servers) {
            replicas = StreamSettings.requireReplicas(PREFIX + "replicas", servers);
            return this;
        }

        /** Sets what ends the keeping of a message, beside its age; default {@link Retention#LIMITS}. */
        public Builder retention(Retention until) {
            retention = Objects.requireNonNull(until, "retention");
            return this;
        }

        /**
         * Sets how long messages are kept, acked or not; default 7 days, zero for no limit.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder maxAge(Duration age) {
            maxAge = StreamSettings.requireMaxAge(PREFIX + "max-age", age);
            return this;
        }

        /**
         * Sets for how long ids are known; default 2 minutes, 100 ms or more, at most the age.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder duplicateWindow(Duration window) {
            duplicateWindow = StreamSettings.requireDuplicateWindow(PREFIX + "duplicate-window", window);
            return this;
        }

        /** Sets what streams can do that not every server knows; default nothing. */
        public Builder features(Set<Feature> wanted) {
            features = Set.copyOf(wanted);
            return this;
        }

        /** Sets the streams that are made, or looked at, when a session begins; default none. */
        public Builder named(List<StreamSpec> streams) {
            named = List.copyOf(streams);
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws MessagingException {@code BAD_SETTING} for ids that are known for longer than messages are kept
         */
        @CheckReturnValue
        public StreamSettings build() {
            if (!maxAge.isZero() && duplicateWindow.compareTo(maxAge) > 0) {
                throw MessagingException.badSetting(
                        PREFIX + "duplicate-window", duplicateWindow, "at most " + PREFIX + "max-age, " + maxAge);
            }

            return new StreamSettings(this);
        }
    }
}
