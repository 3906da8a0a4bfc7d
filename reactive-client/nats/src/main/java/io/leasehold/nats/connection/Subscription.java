package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** One subscription, over all connections. Its messages come until it is {@linkplain #cancel cancelled}. */
public final class Subscription {
    static final int NO_SID = 0;

    private final Subject filter;
    private final @Nullable Subject queue;
    private final MessageHandler handler;
    private final ReconnectingConnection owner;

    /** The number that the server knows; set and read on the connection's own thread. */
    int sid = NO_SID;

    /** The connection that the server knows it from; set and read on the connection's own thread. */
    long epoch;

    private volatile boolean cancelled;

    Subscription(Subject filter, @Nullable Subject queue, MessageHandler handler, ReconnectingConnection owner) {
        this.filter = filter;
        this.queue = queue;
        this.handler = handler;
        this.owner = owner;
    }

    /** What it listens to. */
    public Subject filter() {
        return filter;
    }

    boolean isFor(String subject, String group) {
        return filter.toString().equals(subject) && (queue == null ? "" : queue.toString()).equals(group);
    }

    @Nullable
    Subject queue() {
        return queue;
    }

    /** Ends it: from now on nothing is handed up, whatever still comes. Repeatable, on any thread. */
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            owner.outbound().force(new SubscriptionMark(this, false));
        }
    }

    /** Has the server send nothing more, and ends when all that it had sent was handed up. On any thread, once. */
    public void leave() {
        Sinks.Empty<Void> left = Sinks.empty();
        left.asMono().subscribe(nothing -> {}, broken -> cancel());
        owner.outbound().force(new DrainMark(left, this));
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

    void fail(MessagingException why) {
        if (!cancelled) {
            cancelled = true;
            owner.loop().guarded(() -> handler.failed(why));
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + filter + "]";
    }
}
