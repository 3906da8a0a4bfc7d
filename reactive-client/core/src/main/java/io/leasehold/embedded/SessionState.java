package io.leasehold.embedded;

import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import reactor.core.Exceptions;

/** Keeps what a client has told of itself and whether its session is closed. Confined to the broker's turn. */
final class SessionState {
    private final SessionContext context;
    private boolean closed;

    SessionState(SessionContext context) {
        this.context = context;
    }

    String clientName() {
        return context.clientName();
    }

    /** Reads the client's clock. */
    long clientNanos() {
        return context.ticker().sureNanos();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    MessagingException closedError() {
        return new MessagingException(
                ErrorCode.CLOSED, "the session is closed", context.clientName(), "open another one");
    }

    void fault(Throwable fault) {
        try {
            context.recorder().fault(fault);
        } catch (Throwable recorderFault) {
            // Nobody is left to tell; the broker must go on.
            Exceptions.throwIfJvmFatal(recorderFault);
        }
    }
}
