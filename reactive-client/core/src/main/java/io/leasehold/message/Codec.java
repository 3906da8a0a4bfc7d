package io.leasehold.message;

import org.jspecify.annotations.Nullable;

/**
 * Turns bodies into values of one type and back. Must be free of state and may be called on any thread, where
 * thread locals say nothing of whose message it is.
 *
 * @param <T> the type of the value
 */
public interface Codec<T> {
    /**
     * The body of a value. May throw anything: the publish then fails with {@code ENCODE_FAILED}, or with {@code
     * CODEC_UNAVAILABLE} when it is a {@link CodecUnavailableException}.
     */
    byte[] encode(T value);

    /**
     * The value of a message's body. May throw anything: the delivery is then dead-lettered, never handled; so it is
     * for null, unless the consumer's type {@linkplain BodyType#orNull() takes null}. Not asked for an empty body then.
     *
     * <p>What may pass is no reason for that: for a {@link CodecUnavailableException}, also as a cause, and for an
     * {@link Error} other than an assertion and a stack that overflows (of memory, for example, or of a class that is
     * missing) the delivery fails with {@code CODEC_UNAVAILABLE}, and is tried again as after any failure of its
     * handler.
     */
    @Nullable
    T decode(Message message);
}
