package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.lease.LeaseLoss;
import org.jspecify.annotations.Nullable;

/**
 * A request about one delivery: waits for a connection, is written when its gate allows it, and ends with its answer.
 * An answer that comes twice is told twice: brokers do that, and the client must bear it.
 */
abstract class Ask {
    final SimPort port;
    final SimGrant grant;
    private @Nullable SimConnection writtenTo;

    Ask(SimPort port, SimGrant grant) {
        this.port = port;
        this.grant = grant;
    }

    /** Writes it now if there is a connection that it was not written to yet, and if its gate allows it. */
    final void write() {
        SimConnection connection = port.session().connection();
        if (connection == null || writtenTo == connection || port.session().isClosed()) {
            return;
        }
        if (writtenTo != null && !repeats()) {
            port.over(this);
            return;
        }
        if (!tryWrite()) {
            port.over(this);
            return;
        }
        writtenTo = connection;
        connection.up.send(request(connection));
        if (isOverWhenWritten()) {
            port.over(this);
        }
        afterWrite();
    }

    /** Whether nothing but a refusal will answer it. */
    abstract boolean isOverWhenWritten();

    /** Whether it is written again on a new connection. */
    abstract boolean repeats();

    /** Asks the gate, right before it is handed to the connection. */
    abstract boolean tryWrite();

    abstract void afterWrite();

    /** The connection has ended to which its lease belonged. */
    abstract void connectionLost();

    abstract Parcel request(SimConnection connection);

    /** Whether the broker answers as if it had done what it refuses: it ignores old receipts. */
    final boolean hides(LeaseLoss refusal) {
        boolean old = refusal == LeaseLoss.EXPIRED
                || refusal == LeaseLoss.SUPERSEDED
                || refusal == LeaseLoss.SETTLED_ELSEWHERE;
        return old && port.session().capabilities().fencing() == Capabilities.Fencing.SILENT;
    }

    /** Sends an answer back over the connection on which the request came. */
    final void answer(SimConnection connection, String what, Runnable tell) {
        connection.down.send(new SimParcel(what, () -> {
            if (port.session().hears(connection)) {
                port.over(this);
                tell.run();
            }
        }));
    }
}
