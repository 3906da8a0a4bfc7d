package io.leasehold.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message: topic, key, headers, body, id. Immutable. The array given as a body is not copied: whoever gave it away
 * must not change it afterwards.
 */
public final class Message {
    private static final byte[] EMPTY = new byte[0];

    private final String topic;
    private final @Nullable String key;
    private final Headers headers;
    private final byte[] body;
    private final @Nullable MessageId id;

    private Message(String topic, @Nullable String key, Headers headers, byte[] body, @Nullable MessageId id) {
        this.topic = topic;
        this.key = key;
        this.headers = headers;
        this.body = body;
        this.id = id;
    }

    /**
     * An empty message to a topic; go on with {@link #key}, {@link #id}, {@link #header} and {@link #body}, each of
     * which gives a new message.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC}
     */
    public static Message to(String topic) {
        return new Message(Topic.require(topic), null, Headers.none(), EMPTY, null);
    }

    /** This message with the key by which order is kept; any text. */
    public Message key(String newKey) {
        return new Message(topic, Objects.requireNonNull(newKey), headers, body, id);
    }

    /** This message with an id of its own; without one, the publisher makes one up. */
    public Message id(String newId) {
        return id(MessageId.of(newId));
    }

    /** This message with an id of its own. */
    public Message id(MessageId newId) {
        return new Message(topic, key, headers, body, newId);
    }

    /** This message with one more header. */
    public Message header(String name, String value) {
        return headers(headers.with(name, value));
    }

    /** This message with these headers instead of its own. */
    public Message headers(Headers newHeaders) {
        return new Message(topic, key, newHeaders, body, id);
    }

    /** This message with a body; the array is not copied. */
    public Message body(byte[] newBody) {
        return new Message(topic, key, headers, newBody, id);
    }

    /** This message with a text in UTF-8 as its body. */
    public Message body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** This message, addressed to another topic. */
    public Message topic(String newTopic) {
        return new Message(Topic.require(newTopic), key, headers, body, id);
    }

    /** Where it goes, or where it came from. */
    public String topic() {
        return topic;
    }

    /** The key by which order is kept. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** The headers. */
    public Headers headers() {
        return headers;
    }

    /** The id, if it has one yet. */
    public Optional<MessageId> id() {
        return Optional.ofNullable(id);
    }

    /** The body, read-only. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    /** The bytes of the body themselves, not a copy: do not change them. */
    public byte[] bytes() {
        return body;
    }

    /** The body as text in UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The size of the body in bytes. */
    public int sizeBytes() {
        return body.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && topic.equals(that.topic)
                && Objects.equals(key, that.key)
                && Objects.equals(id, that.id)
                && headers.equals(that.headers)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, key, id, Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "Message[" + topic + ", id=" + id + ", key=" + key + ", " + body.length + " bytes]";
    }
}
