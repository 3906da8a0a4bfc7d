package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.Link;
import org.jspecify.annotations.Nullable;

/** Is one subscription, over all links. Its messages come until it is {@linkplain #cancel cancelled}. */
public final class Subscription {
    static final int NO_SID = 0;

    private final SubscriptionTable table;
    private final Subject filter;
    private final @Nullable Subject queue;
    private final MessageHandler handler;

    /** The number that the server knows; set and read on the connection's own thread. */
    int sid = NO_SID;

    /** The connection that the server knows it from; set and read on the connection's own thread. */
    long epoch;

    private volatile boolean cancelled;

    Subscription(SubscriptionTable table, Subject filter, @Nullable Subject queue, MessageHandler handler) {
        this.table = table;
        this.filter = filter;
        this.queue = queue;
        this.handler = handler;
    }

    /** Returns the subjects that are listened to. */
    public Subject filter() {
        return filter;
    }

    boolean isFor(String subject, String group) {
        return filter.toString().equals(subject) && (queue == null ? "" : queue.toString()).equals(group);
    }

    /** Whether the server at the other end of a link knows it. */
    boolean isKnownTo(Link link) {
        return sid != NO_SID && epoch == link.epoch();
    }

    @Nullable
    Subject queue() {
        return queue;
    }

    /** Ends the subscription: from now on nothing is handed up, whatever still comes. Repeatable, on any thread. */
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            table.cancelled(this);
        }
    }

    /** Has the server send nothing more, and ends when all that it had sent was handed up. On any thread, once. */
    public void leave() {
        table.leave(this);
    }

    /** Ends it without a word to the server. */
    void end() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void message(MessageFrame frame) {
        if (!cancelled) {
            handler.message(frame);
        }
    }

    /** Ends it, and tells its handler, unless it has ended. */
    void fail(MessagingException why) {
        if (!cancelled) {
            cancelled = true;
            handler.failed(why);
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + filter + "]";
    }
}
