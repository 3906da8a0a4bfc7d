package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;

/**
 * Whoever uses a connection and wants to know how it fares. Called on the connection's own thread, one call at a time:
 * never blocks and never calls user code.
 */
public interface ConnectionListener {
    /** One that does not care. */
    ConnectionListener NONE = new ConnectionListener() {};

    /**
     * A server has welcomed us, and the subscriptions are there again.
     *
     * @param epoch counts the connections; what belongs to an earlier one is over
     */
    default void up(long epoch, ServerInfo server) {}

    /** The connection of that epoch has ended; its requests have ended unknown. It will be tried again. */
    default void down(long epoch, MessagingException reason) {}

    /**
     * The server is about to shut down. Another one is looked for, and takes its place as soon as it has welcomed us;
     * until then everything goes on.
     */
    default void leaving() {}

    /** The server did not permit a publish to this subject that was no {@link Request}; it was thrown away. */
    default void denied(String subject, MessagingException why) {}

    /** There is room again after something was refused for want of it. */
    default void writable() {}

    /** It is over for good: closed, or without hope. */
    default void closed(MessagingException reason) {}
}
