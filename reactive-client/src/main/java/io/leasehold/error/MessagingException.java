package io.leasehold.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error of this library: a {@link ErrorCode code}, what happened, on what (topic, group, id, setting), and what to
 * do. Compare codes, never texts.
 */
public class MessagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String subject;
    private final String remedy;

    /**
     * An error without a cause of its own.
     *
     * @param code the cause
     * @param what what happened, one clause
     * @param subject on what it happened: a topic, a group, an id, a setting
     * @param remedy what to do about it, one clause
     */
    public MessagingException(ErrorCode code, String what, String subject, String remedy) {
        this(code, what, subject, remedy, null);
    }

    /** As {@link #MessagingException(ErrorCode, String, String, String)}, with the error that caused it. */
    public MessagingException(ErrorCode code, String what, String subject, String remedy, @Nullable Throwable cause) {
        super(code.id() + " " + code + ": " + what + " [" + subject + "]; " + remedy, cause);
        this.code = Objects.requireNonNull(code);
        this.subject = subject;
        this.remedy = remedy;
    }

    /** The cause, stable over versions. */
    public ErrorCode code() {
        return code;
    }

    /** On what it happened. */
    public String subject() {
        return subject;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** The code of an error: its own when it is ours, else {@link ErrorCode#HANDLER_FAILED}. */
    public static ErrorCode codeOf(Throwable error) {
        return error instanceof MessagingException ours ? ours.code() : ErrorCode.HANDLER_FAILED;
    }
}
