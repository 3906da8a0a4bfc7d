package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.CodecUnavailableException;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import org.jspecify.annotations.Nullable;

/** Decodes the bodies that one subscription consumes. */
final class BodyDecoder<T> {
    private static final int CAUSES_MAX = 32;

    private final Codec<T> codec;
    private final BodyType<T> type;
    private final boolean nullable;
    private final String group;

    /**
     * Makes one.
     *
     * @throws MessagingException {@link ErrorCode#CODEC_MISSING}
     */
    BodyDecoder(Codecs codecs, BodyType<T> type, String group) {
        this.codec = codecs.require(type);
        this.type = type;
        this.nullable = type.isNullable();
        this.group = group;
    }

    /**
     * Decodes the body of a message; gives null only where the type takes null.
     *
     * @throws MessagingException {@link ErrorCode#DECODE_FAILED}, {@link ErrorCode#CODEC_UNAVAILABLE}
     */
    @Nullable
    T decode(Message message) {
        if (nullable && message.sizeBytes() == 0) {
            return null;
        }

        try {
            T value = codec.decode(message);
            if (value == null && !nullable) {
                throw new NullPointerException("the codec says null, and the type does not take it");
            }
            return value;
        } catch (Throwable thrown) {
            FatalErrors.handOn(thrown);
            throw undecoded(message, thrown);
        }
    }

    private MessagingException undecoded(Message message, Throwable thrown) {
        boolean passes = mayPass(thrown);

        return new MessagingException(
                passes ? ErrorCode.CODEC_UNAVAILABLE : ErrorCode.DECODE_FAILED,
                "a body could not be decoded" + (passes ? " now: " : ": ") + Ending.textOf(thrown),
                group + ", " + message,
                passes
                        ? "see to it that the codec has what it needs"
                        : "look at the dead letter, or fix the codec of " + type,
                thrown);
    }

    // Memory and missing classes are troubles of this process. A stack that overflows is one of the body: it is nested
    // too deeply; and an assertion is one of the codec.
    private static boolean mayPass(Throwable thrown) {
        if (thrown instanceof Error) {
            return !(thrown instanceof AssertionError) && !(thrown instanceof StackOverflowError);
        }

        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof CodecUnavailableException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
