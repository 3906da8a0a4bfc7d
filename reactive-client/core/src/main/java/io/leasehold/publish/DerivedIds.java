package io.leasehold.publish;

import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Derives ids for what a handler publishes because of a message: when the message is delivered again and the handler
 * publishes the same, it gets the same ids, and the broker keeps each only once within its duplicate window.
 *
 * <p>An id is a hash of the source message, the group, and everything in the published message that the user set:
 * topic, key, headers in their order, body; and of how many equal ones were published before it since the handler was
 * last subscribed. So different content never shares an id, and the order of publishing does not matter. One object
 * belongs to one run; its methods may be called on any thread.
 */
@Internal
public final class DerivedIds {
    /** How many different messages one run may derive before it must name them. */
    public static final int MAX_REMEMBERED = 100_000;

    private static final char[] DIGITS = "0123456789abcdefghijklmnopqrstuv".toCharArray();
    private static final int DIGIT_COUNT = 40;

    private final String group;
    private final String sourceId;
    private final ConcurrentMap<String, Integer> published = new ConcurrentHashMap<>(4);
    private final AtomicInteger remembered = new AtomicInteger();

    private DerivedIds(String group, String sourceId) {
        this.group = group;
        this.sourceId = sourceId;
    }

    /**
     * Makes the ids of one run.
     *
     * @param group the group that handles the message
     * @param sourceId what names the message within the group and stays the same over its deliveries
     */
    public static DerivedIds of(String group, String sourceId) {
        return new DerivedIds(group, sourceId);
    }

    /**
     * Returns the id of the next message with exactly this content.
     *
     * @throws MessagingException {@link ErrorCode#TOO_MANY_DERIVED}
     */
    public MessageId next(Message message) {
        Hash content =
                start("content").add(message.topic()).addKey(message.key().orElse(null));
        content.add(message.headers()).add(message.bytes());
        String first = content.text();

        int count = published.merge(first, 1, Integer::sum);
        if (count == 1) {
            requireRoom(first);
            return MessageId.of(first);
        }
        return MessageId.of(start("again").add(first).add(count).text());
    }

    /**
     * Returns the id of what the user names, whatever its content; the same name gives the same id for the same topic,
     * and another one for another topic, since topics may share their ids.
     */
    public MessageId named(String name, String topic) {
        return MessageId.of(start("named").add(topic).add(name).text());
    }

    /** Starts anew: the handler is subscribed again and will publish from the beginning. */
    public void reset() {
        published.clear();
        remembered.set(0);
    }

    private Hash start(String kind) {
        return new Hash().add(kind).add(group).add(sourceId);
    }

    private void requireRoom(String first) {
        if (remembered.incrementAndGet() > MAX_REMEMBERED) {
            remembered.decrementAndGet();
            published.remove(first);
            throw new MessagingException(
                    ErrorCode.TOO_MANY_DERIVED,
                    "one run derived more than " + MAX_REMEMBERED + " different messages",
                    "message " + sourceId + " of group " + group,
                    "name them (Delivery.publish with a name), or give them ids of their own");
        }
    }

    /** Hashes parts: each is preceded by its length, so that no two lists of parts look the same. */
    private static final class Hash {
        private final MessageDigest digest = sha256();
        private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);

        Hash add(int value) {
            digest.update(number.putInt(0, value).array());
            return this;
        }

        Hash add(byte[] bytes) {
            add(bytes.length);
            digest.update(bytes);
            return this;
        }

        Hash add(String text) {
            return add(text.getBytes(StandardCharsets.UTF_8));
        }

        Hash addKey(@Nullable String key) {
            return key == null ? add(-1) : add(key);
        }

        Hash add(Headers headers) {
            add(headers.size());
            headers.forEach((name, value) -> add(name).add(value));
            return this;
        }

        String text() {
            byte[] hash = digest.digest();
            StringBuilder text = new StringBuilder(DIGIT_COUNT);
            int bits = 0;
            int rest = 0;

            for (int i = 0; text.length() < DIGIT_COUNT; i++) {
                rest = rest << 8 | (hash[i] & 0xff);
                for (bits += 8; bits >= 5; bits -= 5) {
                    text.append(DIGITS[rest >> (bits - 5) & 31]);
                }
                rest &= (1 << bits) - 1;
            }

            return text.toString();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException("every Java platform has SHA-256", missing);
            }
        }
    }
}
