package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ConnectionState;
import io.leasehold.wire.Outbound;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps a connection to NATS: to one server at a time, and to the next when that one goes. Every method may be
 * called on any thread and returns at once; what it begins ends within the limits of the settings. Its Monos signal on
 * the connection's own thread: go elsewhere before user code is called.
 */
public final class NatsConnection {
    private final ReconnectingConnection connection;
    private final Inboxes inboxes;

    private NatsConnection(ReconnectingConnection connection, Inboxes inboxes) {
        this.connection = connection;
        this.inboxes = inboxes;
    }

    /** Makes a connection, which dials nobody and tells its listener nothing before {@link #connect}. */
    public static NatsConnection of(
            ConnectionSettings settings, ConnectionContext context, ConnectionListener listener) {
        Inboxes inboxes = new Inboxes(settings.inboxPrefix());
        return new NatsConnection(new ReconnectingConnection(settings, context, listener, inboxes), inboxes);
    }

    /** Connects, in the background. To be called once, when all that the listener needs is there. */
    public void connect() {
        connection.loop().execute(connection::start);
    }

    /** Waits for a server to welcome us for the first time; errors with the reason when that is given up. */
    public Mono<Void> ready() {
        return connection.ready();
    }

    /** Tells where the connection stands. */
    public ConnectionState state() {
        return connection.status().state();
    }

    /** Tells with which server and why the last connection ended, or was none; empty before the first trouble. */
    public String trouble() {
        return connection.status().trouble();
    }

    /**
     * Returns the number of the present link, or of the last one; later links have larger numbers. 0 before the first.
     */
    public long epoch() {
        return connection.status().epoch();
    }

    /** Returns what the present server, or the last one, told of itself. */
    public ServerInfo server() {
        return connection.status().server();
    }

    /** Tells for how long there has been no connection, in nanoseconds; 0 while there is one. */
    public long unheardNanos() {
        return connection.unheardNanos();
    }

    /** Returns the smoothed round-trip time; zero before it is known. */
    public Duration roundTrip() {
        return Duration.ofNanos(connection.requests().roundTrip().nanos());
    }

    /** Returns the smoothed round-trip time in nanoseconds; 0 before it is known. */
    public long roundTripNanos() {
        return connection.requests().roundTrip().nanos();
    }

    /** Counts the bytes that wait to be written. */
    public long pendingBytes() {
        return connection.outbound().pendingBytes();
    }

    /** Counts the requests that wait for their answer; a snapshot. */
    public int openRequests() {
        return connection.requests().size();
    }

    /**
     * Has something written as soon as there is a connection, behind what was given before. It is refused, in this
     * call or later, with {@code CONNECTION_FULL}, {@code TOO_LARGE} or {@code CLOSED}.
     */
    public void write(Outbound item) {
        connection.outbound().give(item);
    }

    /**
     * Stops waiting for the answer to a request, which hears nothing more and is not given again; the caller has closed
     * its gate before.
     */
    public void forget(Request request) {
        connection.loop().execute(() -> connection.requests().close(request));
    }

    /**
     * Asks once, for what is rare. Each subscription sends a request of its own; cancelling forgets it. Errors: {@code
     * UNKNOWN}, {@code DISCONNECTED} (it was never written), {@code NO_RESPONDERS}, {@code NOT_PERMITTED}, and those
     * of {@link #write}.
     */
    public Mono<MessageFrame> ask(Subject subject, byte @Nullable [] header, byte[] body, Duration limit) {
        return Mono.defer(() -> new MonoRequest(subject, header, body, limit)
                .askedOf(this, connection.loop().time()));
    }

    /** Makes a subject for a subscription of its own, to which others are to answer; never the same again. */
    public Subject newInbox() {
        return inboxes.fresh();
    }

    /** Begins to listen; the subscription outlives each single link. Errors go to the handler. */
    public Subscription subscribe(Subject filter, @Nullable Subject queue, MessageHandler handler) {
        return connection.subscriptions().subscribe(filter, queue, handler);
    }

    /**
     * Waits until the server has read all that was given before; errors with the reason when the connection ended
     * after it was written, and with {@code CLOSED}.
     */
    public Mono<Void> flush() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> done = Sinks.empty();
            connection.outbound().give(new FlushMark(done));
            return done.asMono();
        });
    }

    /** Runs a task on the connection's own thread, where handlers are called; returns false when that has ended. */
    public boolean execute(Runnable task) {
        return connection.loop().execute(task);
    }

    /** Drops the present link, if there is one, and dials again at once or nearly so. */
    public void reconnect(String reason) {
        connection.loop().execute(() -> connection.reconnect(reason, false));
    }

    /** Reconnects, throwing away what the kernel still holds: for what must not arrive any more. */
    public void abort(String reason) {
        connection.loop().execute(() -> connection.reconnect(reason, true));
    }

    /** Has the server send nothing more, and completes when all that it had sent was handed up. */
    public Mono<Void> drain() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> done = Sinks.empty();
            boolean open = connection.loop().execute(() -> connection.drain(done));
            return open ? done.asMono() : Mono.error(closed());
        });
    }

    private static MessagingException closed() {
        return new MessagingException(ErrorCode.CLOSED, "the connection is closed", "nats", "open another one");
    }

    /**
     * Writes what was given before, waits until the server has read it, within its limit, and ends everything: what
     * is still open ends unknown or refused. Begins with the call, whether subscribed or not; repeatable. Completes
     * when its thread has ended.
     */
    public Mono<Void> close() {
        connection.loop().execute(connection::close);
        return connection.closed();
    }
}
