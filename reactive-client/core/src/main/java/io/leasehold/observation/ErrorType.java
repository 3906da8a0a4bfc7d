package io.leasehold.observation;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;

/** The value of {@code error.type}: few different ones. */
final class ErrorType {
    private ErrorType() {}

    static String of(@Nullable ErrorCode code, @Nullable Throwable error) {
        if (error != null && !(error instanceof MessagingException)) {
            return error.getClass().getName();
        }
        return code == null ? TagValues.NONE : code.name();
    }
}
