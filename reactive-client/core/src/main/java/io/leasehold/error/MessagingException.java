package io.leasehold.error;

import io.leasehold.api.CheckReturnValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error of this library: a {@link ErrorCode code}, what happened, on what (topic, group, id, setting), and what to
 * do. Compare codes, never texts.
 */
@CheckReturnValue
public class MessagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String what;
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
        this.what = what;
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

    /** What happened, one clause. */
    public String what() {
        return what;
    }

    /**
     * A {@link ErrorCode#BAD_SETTING}.
     *
     * @param setting its name
     * @param value what was asked for
     * @param bound what it must be, as in "positive" or "in 1..10"
     */
    public static MessagingException badSetting(String setting, Object value, String bound) {
        return new MessagingException(
                ErrorCode.BAD_SETTING, value + " is not " + bound, setting, "choose a value within the bounds");
    }

    /**
     * A {@link ErrorCode#SCHEDULER_REJECTED}.
     *
     * @param setting what has set the scheduler
     */
    public static MessagingException rejectedBy(String setting, Throwable cause) {
        return new MessagingException(
                ErrorCode.SCHEDULER_REJECTED,
                "the scheduler of " + setting + " takes no task: it is disposed, or full",
                setting,
                "dispose it after the client is closed, or give it more room",
                cause);
    }

    /** The code of an error: its own when it is ours, else {@link ErrorCode#HANDLER_FAILED}. */
    public static ErrorCode codeOf(Throwable error) {
        return error instanceof MessagingException ours ? ours.code() : ErrorCode.HANDLER_FAILED;
    }
}
