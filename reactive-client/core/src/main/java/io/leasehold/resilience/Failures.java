package io.leasehold.resilience;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/** What breakers are told where a stage knows a code and no error: one exception per code, made once. */
final class Failures {
    private static final MessagingException[] BY_CODE = new MessagingException[ErrorCode.values().length];

    static {
        for (ErrorCode code : ErrorCode.values()) {
            BY_CODE[code.ordinal()] =
                    new MessagingException(code, "a stage was told this code", "stage", "see where the message failed");
        }
    }

    private Failures() {}

    static MessagingException of(ErrorCode code) {
        return BY_CODE[code.ordinal()];
    }
}
