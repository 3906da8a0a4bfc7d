package io.leasehold.broker;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;

/**
 * What every broker refuses of a message, so that what one takes the next one takes, too. A broker asks before it
 * stores or writes anything.
 */
public final class PublishRules {
    /** How many headers a message may have that is published: what brokers and readers add needs room, too. */
    public static final int HEADERS_MAX = 1_000;

    /** How many bytes id, key and headers may have together, as they travel. */
    public static final int LABELS_BYTES_MAX = 65_535;

    /** The header that a key travels in, where a broker has no place of its own for it. */
    public static final String KEY_HEADER = "Leasehold-Key";

    // A line for the version, one for the id, one for the key, and their ends.
    private static final int REST_BYTES = 64;
    private static final int PAIR_BYTES = 4;
    // A character of a key is at most three bytes, of which each may be escaped.
    private static final int KEY_CHARACTER_BYTES_MAX = 9;

    private PublishRules() {}

    /**
     * Sees that a message can travel.
     *
     * @throws MessagingException {@code BAD_HEADER} when it has a header that is no user's, unless it is a {@link
     *     PublishCondition}; {@code TOO_LARGE} when it has more than {@value #HEADERS_MAX} headers, or id, key and
     *     headers have more than {@value #LABELS_BYTES_MAX} bytes
     */
    public static void require(Message message, MessageId id) {
        Headers headers = message.headers();
        String key = message.key().orElse("");
        if (!headers.isEmpty()) {
            headers.forEach((name, value) -> requireUsers(name));
            requireFew(headers, message.topic());
        }
        long keyBytesMax = (long) key.length() * KEY_CHARACTER_BYTES_MAX;
        long bytes = headers.sizeBytes() + (long) PAIR_BYTES * headers.size() + id.length() + REST_BYTES;
        if (bytes + keyBytesMax > LABELS_BYTES_MAX && bytes + escapedBytes(key) > LABELS_BYTES_MAX) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "id, key and headers have more than " + LABELS_BYTES_MAX + " bytes together",
                    message.topic(),
                    "put what is long into the body");
        }
    }

    private static void requireFew(Headers headers, String topic) {
        if (headers.size() > HEADERS_MAX) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "a message of " + headers.size() + " headers has more than " + HEADERS_MAX,
                    topic,
                    "put what belongs together into one value, or into the body");
        }
    }

    private static void requireUsers(String name) {
        boolean reserved = PublishCondition.isReserved(name) && PublishCondition.of(name) == null;
        if (reserved || name.equalsIgnoreCase(KEY_HEADER)) {
            throw new MessagingException(
                    ErrorCode.BAD_HEADER,
                    "a header name is reserved for what the client tells the server",
                    "header '" + name + "'",
                    "use another name; keys, ids and conditions have methods of their own");
        }
    }

    private static long escapedBytes(String key) {
        long bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == ' ' || "-_.*".indexOf(c) >= 0);
            bytes += plain ? 1 : 3L * (c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3);
        }
        return bytes;
    }

    /**
     * Refuses every {@link PublishCondition}, for a broker that knows none.
     *
     * @throws MessagingException {@code UNSUPPORTED} naming the first one that the message has
     */
    public static void refuseConditions(Message message, String broker) {
        if (!message.headers().isEmpty()) {
            message.headers().forEach((name, value) -> refuse(name, message.topic(), broker));
        }
    }

    private static void refuse(String name, String topic, String broker) {
        if (PublishCondition.of(name) != null) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "a publish asks for " + name + ", which " + broker + " does not do",
                    topic,
                    "publish it without the condition, or through a broker that knows it");
        }
    }

    /** How many bytes a message has, with body, headers and key: what limits and capacities count. */
    public static int sizeBytes(Message message) {
        Headers headers = message.headers();
        long labels = (headers.isEmpty() ? 0 : headers.sizeBytes())
                + message.key().map(String::length).orElse(0);
        return (int) Math.min(Integer.MAX_VALUE, message.sizeBytes() + labels);
    }
}
