package io.leasehold.simulation;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import reactor.core.publisher.MonoSink;

/** A declaration on its way: asked again on each connection and after a while, until it is answered. */
final class SimDeclaration {
    private static final long AGAIN_NANOS = 200_000_000L;

    private final SimSession session;
    private final RetentionSpec retention;
    private final MonoSink<Void> sink;
    private boolean over;

    SimDeclaration(SimSession session, RetentionSpec retention, MonoSink<Void> sink) {
        this.session = session;
        this.retention = retention;
        this.sink = sink;
    }

    void write() {
        SimConnection connection = session.connection();
        if (over || session.isClosed()) {
            return;
        }
        if (connection != null) {
            connection.up.send(new SimParcel("declaration", () -> declare(connection)));
            session.lane().after(AGAIN_NANOS, this::write);
        }
    }

    private void declare(SimConnection connection) {
        session.server()
                .session(session)
                .declare(retention)
                .subscribe(nothing -> {}, error -> answer(connection, error), () -> answer(connection, null));
    }

    private void answer(SimConnection connection, @org.jspecify.annotations.Nullable Throwable error) {
        connection.down.send(new SimParcel("declared", () -> {
            if (session.hears(connection) && !over) {
                over = true;
                if (error == null) {
                    sink.success();
                } else {
                    sink.error(error);
                }
            }
        }));
    }

    void close() {
        if (!over) {
            over = true;
            sink.error(
                    new MessagingException(ErrorCode.CLOSED, "the session was closed", "declaration", "open another"));
        }
    }
}
