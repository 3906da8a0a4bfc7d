package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * The end of subscriptions in the queue, and a ping behind it: what comes before its answer was sent before the server
 * heard of the end, and is still handed up.
 */
final class DrainMark extends Outbound {
    private static final int BYTES = 1_024;

    private final Sinks.Empty<Void> done;
    private final @Nullable Subscription only;
    private final List<Subscription> ending = new ArrayList<>();

    /**
     * An end.
     *
     * @param only which subscription ends; null for all but that of the answers
     */
    DrainMark(Sinks.Empty<Void> done, @Nullable Subscription only) {
        this.done = done;
        this.only = only;
    }

    @Override
    protected int sizeBytes() {
        return BYTES;
    }

    @Override
    protected int payloadBytes() {
        return 0;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    void emit(Link link, ByteBuf out, long now) {
        SubscriptionTable table = link.desk().subscriptions();
        if (only == null) {
            table.forEach(subscription -> leave(subscription, link, out));
        } else {
            leave(only, link, out);
            // One that the server does not know, or not any more, is not waited for.
            if (ending.isEmpty()) {
                end(only, table);
            }
        }
        Sinks.Empty<Void> answered = Sinks.empty();
        answered.asMono()
                .doOnTerminate(() -> ending.forEach(subscription -> end(subscription, table)))
                .subscribe(nothing -> {}, done::tryEmitError, done::tryEmitEmpty);
        link.ping(out, answered);
    }

    private void leave(Subscription subscription, Link link, ByteBuf out) {
        boolean answers =
                subscription.filter().toString().equals(link.desk().requests().inbox());
        boolean known = subscription.sid != Subscription.NO_SID && subscription.epoch == link.epoch();
        if (known && !answers) {
            FrameEncoder.unsubscribe(out, subscription.sid, 0);
            ending.add(subscription);
        }
    }

    private static void end(Subscription subscription, SubscriptionTable table) {
        subscription.end();
        table.remove(subscription);
    }

    @Override
    protected void encode(ByteBuf out) {
        throw new IllegalStateException("a drain is written by emit");
    }

    @Override
    protected void refused(MessagingException why) {
        done.tryEmitError(why);
    }
}
