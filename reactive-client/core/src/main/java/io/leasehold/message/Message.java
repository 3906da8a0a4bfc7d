package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message: topic, key, headers, body, id. Immutable. The array given as a body is not copied: whoever gave it away
 * must not change it afterwards.
 *
 * <p>A body may be given as {@linkplain #body(Object) a value}: a message with one {@linkplain #isEncoded() is not
 * encoded} until it is published, and has no bytes before.
 */
@CheckReturnValue
public final class Message {
    private static final byte[] EMPTY = new byte[0];

    private final String topic;
    private final Labels labels;
    /** Bytes, or a {@link Value} that will be some. */
    private final Object body;

    private Message(String topic, Labels labels, Object body) {
        this.topic = topic;
        this.labels = labels;
        this.body = body;
    }

    /**
     * What a message has beside topic and body.
     *
     * @param key by which order is kept
     * @param headers the headers
     * @param id by which it is recognised
     */
    public record Labels(
            @Nullable String key, Headers headers, @Nullable MessageId id) {
        /** None of them. */
        public static final Labels NONE = new Labels(null, Headers.none(), null);
    }

    /**
     * A body that is not encoded yet.
     *
     * @param value what is to be encoded
     * @param type as what; null for the class that it has
     */
    record Value(Object value, @Nullable BodyType<?> type) {}

    /** A message as a broker has it, whose topic may be one that could not be published to. */
    public static Message received(String topic, Labels labels, byte[] body) {
        return new Message(topic, labels, body);
    }

    /**
     * An empty message to a topic; go on with {@link #key}, {@link #id}, {@link #header} and {@link #body}, each of
     * which gives a new message.
     *
     * @throws MessagingException {@code BAD_TOPIC}
     */
    public static Message to(String topic) {
        return new Message(Topic.require(topic), Labels.NONE, EMPTY);
    }

    /**
     * This message with the key by which order is kept; any text of whole characters.
     *
     * @throws MessagingException {@code BAD_HEADER} when it holds half a character (a lone surrogate), which no
     *     encoding can carry
     */
    public Message key(String newKey) {
        requireWhole(newKey);
        return with(new Labels(Objects.requireNonNull(newKey), labels.headers, labels.id));
    }

    /**
     * This message with an id of its own; without one, the publisher makes one up. A broker stores an id once within
     * its duplicate window, also for different topics: see {@link MessageId}.
     *
     * @throws MessagingException {@code BAD_MESSAGE_ID}
     */
    public Message id(String newId) {
        return id(MessageId.of(newId));
    }

    /** This message with an id of its own. */
    public Message id(MessageId newId) {
        return with(new Labels(labels.key, labels.headers, newId));
    }

    private static void requireWhole(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))) {
                boolean pair = i + 1 < key.length() && Character.isSurrogatePair(key.charAt(i), key.charAt(i + 1));
                if (!pair) {
                    throw new MessagingException(
                            ErrorCode.BAD_HEADER,
                            "a key holds half a character at position " + i,
                            "key of " + key.length() + " characters",
                            "use a key of whole characters");
                }
                i++;
            }
        }
    }

    private Message with(Labels others) {
        return new Message(topic, others, body);
    }

    /** This message with one more header. */
    public Message header(String name, String value) {
        return headers(labels.headers.with(name, value));
    }

    /** This message with these headers instead of its own. */
    public Message headers(Headers newHeaders) {
        return with(new Labels(labels.key, newHeaders, labels.id));
    }

    /** This message with a body; the array is not copied. */
    public Message body(byte[] newBody) {
        return new Message(topic, labels, newBody);
    }

    /** This message with a text in UTF-8 as its body. */
    public Message body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * This message with a value as its body, to be encoded by the codec that the client has for the value's class, each
     * time the publish is subscribed: once, before stages and window see it, so that ids that are made of the content
     * and limits are those of the bytes. What cannot be encoded is not published and ends with {@code ENCODE_FAILED},
     * or {@code CODEC_MISSING}; neither a place in the window nor the order of a key is touched by that.
     *
     * @param value of a class that a codec is known for; not changed until the publish is subscribed
     */
    public Message body(Object value) {
        return new Message(topic, labels, new Value(Objects.requireNonNull(value), null));
    }

    /**
     * As {@link #body(Object)}, with the codec of a type that the value's class does not tell: a list of something, an
     * interface.
     *
     * @param value not changed until the publish is subscribed
     * @param type what it is encoded as
     */
    public <T> Message body(T value, BodyType<T> type) {
        return new Message(topic, labels, new Value(Objects.requireNonNull(value), Objects.requireNonNull(type)));
    }

    /** Whether the body is bytes; else it is a value that {@link Codecs#encoded} makes some of. */
    public boolean isEncoded() {
        return body instanceof byte[];
    }

    @Nullable
    Value unencoded() {
        return body instanceof Value value ? value : null;
    }

    /** This message, addressed to another topic. */
    public Message topic(String newTopic) {
        return new Message(Topic.require(newTopic), labels, body);
    }

    /** Where it goes, or where it came from. */
    public String topic() {
        return topic;
    }

    /** The key by which order is kept. */
    public Optional<String> key() {
        return Optional.ofNullable(labels.key);
    }

    /** The headers. */
    public Headers headers() {
        return labels.headers;
    }

    /** The id, if it has one yet. */
    public Optional<MessageId> id() {
        return Optional.ofNullable(labels.id);
    }

    /** The body, read-only; errors as in {@link #bytes()}. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
    }

    /**
     * The bytes of the body, not copied: to be read only.
     *
     * @throws MessagingException {@code ENCODE_FAILED} when it is a value that is not {@linkplain #isEncoded() encoded}
     */
    public byte[] bytes() {
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        throw new MessagingException(
                ErrorCode.ENCODE_FAILED,
                "the body is a value that has no bytes before it is published",
                toString(),
                "publish the message, or give it bytes");
    }

    /** The body as text in UTF-8; errors as in {@link #bytes()}. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The size of the body in bytes; errors as in {@link #bytes()}. */
    public int sizeBytes() {
        return bytes().length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && topic.equals(that.topic)
                && labels.equals(that.labels)
                && Objects.deepEquals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, labels.key, labels.id, isEncoded() ? Arrays.hashCode(bytes()) : body.hashCode());
    }

    @Override
    public String toString() {
        String what = body instanceof byte[] bytes
                ? bytes.length + " bytes"
                : ((Value) body).value().getClass().getName();
        return "Message[" + topic + ", id=" + labels.id + ", key=" + labels.key + ", " + what + "]";
    }
}
