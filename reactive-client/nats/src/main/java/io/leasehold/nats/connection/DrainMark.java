package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.wire.Link;
import io.leasehold.wire.Outbound;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Sinks;

/**
 * The end of subscriptions in the queue, and a ping behind it: what comes before its answer was sent before the server
 * heard of the end, and is still handed up.
 */
final class DrainMark extends Outbound {
    private static final int BYTES = 1_024;

    private final SubscriptionTable table;
    private final Consumer<Consumer<Subscription>> which;
    private final Sinks.Empty<Void> done;
    private final List<Subscription> ending = new ArrayList<>();

    /**
     * An end.
     *
     * @param which hands over each subscription that ends
     */
    DrainMark(SubscriptionTable table, Consumer<Consumer<Subscription>> which, Sinks.Empty<Void> done) {
        this.table = table;
        this.which = which;
        this.done = done;
    }

    @Override
    protected int sizeBytes() {
        return BYTES;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected void emit(Link link, ByteBuf out, long now) {
        which.accept(subscription -> leave(subscription, link, out));
        Sinks.Empty<Void> answered = Sinks.empty();
        answered.asMono()
                .doOnTerminate(() -> ending.forEach(table::end))
                .subscribe(nothing -> {}, done::tryEmitError, done::tryEmitEmpty);
        link.ping(out, answered);
    }

    private void leave(Subscription subscription, Link link, ByteBuf out) {
        if (subscription.isKnownTo(link)) {
            FrameEncoder.unsubscribe(out, subscription.sid, 0);
            ending.add(subscription);
        } else {
            // One that the server does not know, or not any more, is not waited for.
            table.end(subscription);
        }
    }

    @Override
    protected void refused(MessagingException why) {
        done.tryEmitError(why);
    }
}
