package io.leasehold.message;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * Tells that a codec cannot work now, and may later: a registry of schemas is down, a key cannot be fetched. A {@link
 * Codec} throws it, itself or as the cause of what it throws; the message is then tried again as after any failure,
 * where another error of a codec dead-letters it at once.
 */
public final class CodecUnavailableException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /**
     * A {@link ErrorCode#CODEC_UNAVAILABLE}.
     *
     * @param what what is missing, one clause: "the schema registry does not answer"
     * @param subject on what: an address, a schema
     * @param cause the error that said so, if there is one
     */
    public CodecUnavailableException(String what, String subject, @Nullable Throwable cause) {
        super(ErrorCode.CODEC_UNAVAILABLE, what, subject, "see to it that the codec has what it needs", cause);
    }
}
