package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/** A stage refused a delivery. The message itself has not failed: it is given back and never dead-letters by that. */
public final class StageRefusedException extends MessagingException {
    private static final long serialVersionUID = 1L;

    StageRefusedException(ErrorCode code, String topic) {
        super(code, "a stage refused the message", topic, "nothing: it is delivered again later");
    }

    StageRefusedException(ErrorCode code, String topic, Throwable cause) {
        super(code, "no thread could be started for a blocking handler", topic, "lower concurrency", cause);
    }
}
