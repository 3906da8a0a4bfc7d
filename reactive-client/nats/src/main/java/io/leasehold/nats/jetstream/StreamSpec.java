package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes a stream in settings. What is null is as {@link StreamSettings} have it for all streams.
 *
 * @param name its name
 * @param subjects which topics it keeps, one filter or more
 * @param messagesMax how many messages at most, 1 or more; null for no bound
 * @param bytesMax how many bytes at most, 1 or more; null for a bound only where the account wants one
 * @param maxAge how long messages are kept; zero for no limit
 * @param duplicateWindow for how long ids are known; 100 ms or more
 * @param storage where messages are kept
 * @param replicas on how many servers, 1 to 5; 0 for what suits the servers
 * @param retention what ends the keeping of a message, beside its age
 */
public record StreamSpec(
        String name,
        List<String> subjects,
        @Nullable Long messagesMax,
        @Nullable Long bytesMax,
        @Nullable Duration maxAge,
        @Nullable Duration duplicateWindow,
        StreamSettings.@Nullable Storage storage,
        @Nullable Integer replicas,
        StreamSettings.@Nullable Retention retention) {
    private static final Pattern NAME = Pattern.compile("[^\\s.*>/\\\\\\p{Cntrl}]{1,200}");

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} or {@link ErrorCode#BAD_TOPIC}
     */
    public StreamSpec {
        subjects =
                subjects.stream().map(TopicFilter::of).map(TopicFilter::pattern).toList();
        String where = "nats.streams." + name + ".";
        if (!NAME.matcher(name).matches()) {
            throw MessagingException.badSetting(
                    "nats.streams", "'" + name + "'", "the name of a stream: no blanks, dots, wildcards or slashes");
        }
        if (subjects.isEmpty()) {
            throw MessagingException.badSetting(where + "subjects", "an empty list", "one filter or more");
        }
        requirePositive(where + "max-messages", messagesMax);
        requirePositive(where + "max-bytes", bytesMax);
        if (maxAge != null && maxAge.isNegative()) {
            throw MessagingException.badSetting(where + "max-age", maxAge, "0 or more");
        }
        if (duplicateWindow != null && duplicateWindow.compareTo(StreamSettings.WINDOW_MIN) < 0) {
            throw MessagingException.badSetting(where + "duplicate-window", duplicateWindow, "100 ms or more");
        }
        if (replicas != null) {
            StreamSettings.requireReplicas(where + "replicas", replicas);
        }
    }

    /** Returns a stream of some topics that is as the settings have it for all. */
    public static StreamSpec of(String name, List<String> subjects) {
        return new StreamSpec(name, subjects, null, null, null, null, null, null, null);
    }

    /** Returns the same with bounds. */
    public StreamSpec bounded(long messages, long bytes) {
        return new StreamSpec(name, subjects, messages, bytes, maxAge, duplicateWindow, storage, replicas, retention);
    }

    /** Returns the same with another bound of messages. */
    public StreamSpec maxMessages(long most) {
        return new StreamSpec(name, subjects, most, bytesMax, maxAge, duplicateWindow, storage, replicas, retention);
    }

    /** Returns the same with another bound of bytes. */
    public StreamSpec maxBytes(long most) {
        return new StreamSpec(name, subjects, messagesMax, most, maxAge, duplicateWindow, storage, replicas, retention);
    }

    /** Returns the same with another age. */
    public StreamSpec maxAge(Duration age) {
        return new StreamSpec(
                name, subjects, messagesMax, bytesMax, age, duplicateWindow, storage, replicas, retention);
    }

    /** Returns the same with another time for which ids are known. */
    public StreamSpec duplicateWindow(Duration window) {
        return new StreamSpec(name, subjects, messagesMax, bytesMax, maxAge, window, storage, replicas, retention);
    }

    /** Returns the same with another storage. */
    public StreamSpec with(StreamSettings.Storage other) {
        return new StreamSpec(
                name, subjects, messagesMax, bytesMax, maxAge, duplicateWindow, other, replicas, retention);
    }

    /** Returns the same on so many servers. */
    public StreamSpec replicas(int servers) {
        return new StreamSpec(
                name, subjects, messagesMax, bytesMax, maxAge, duplicateWindow, storage, servers, retention);
    }

    /** Returns the same with another retention. */
    public StreamSpec with(StreamSettings.Retention other) {
        return new StreamSpec(name, subjects, messagesMax, bytesMax, maxAge, duplicateWindow, storage, replicas, other);
    }

    private static void requirePositive(String setting, @Nullable Long value) {
        if (value != null && value < 1) {
            throw MessagingException.badSetting(setting, value, "1 or more");
        }
    }

    /** Tells whether it keeps every topic of a filter by one of its subjects. */
    boolean keeps(TopicFilter filter) {
        return subjects.stream().anyMatch(subject -> TopicFilter.of(subject).covers(filter));
    }
}
