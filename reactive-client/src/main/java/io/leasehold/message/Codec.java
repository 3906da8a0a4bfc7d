package io.leasehold.message;

import org.jspecify.annotations.Nullable;

/**
 * Turns bodies into values of one type and back. Must be free of state and may be called on any thread.
 *
 * @param <T> the type of the value
 */
public interface Codec<T> {
    /** The body of a value. May throw anything: the publish then fails with {@code ENCODE_FAILED}. */
    byte[] encode(T value);

    /**
     * The value of a message's body. May throw anything: the delivery is then dead-lettered, never handled; so it is
     * for null, unless the consumer's type {@linkplain BodyType#orNull() takes null}. Not asked for an empty body then.
     */
    @Nullable
    T decode(Message message);
}
