package io.leasehold.lease;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/** Says that the lease is no longer held; the operation was not written. */
public final class LeaseLostException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final LeaseLoss loss;

    /** Makes the error of one lost lease. */
    public LeaseLostException(ErrorCode code, LeaseLoss loss) {
        super(code, "the lease is lost: " + loss, "lease", "stop the work; the message is delivered again");
        this.loss = loss;
    }

    /** Gives the reason of the loss. */
    public LeaseLoss loss() {
        return loss;
    }

    // Thrown on hot paths at a deadline: the stack would only show the gate.
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
