package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Sinks;

/**
 * The end of all subscriptions in the lane, and a ping behind it: what comes before its answer was sent before the
 * server heard of the end, and is still handed up.
 */
final class DrainMark extends Outbound {
    private static final int BYTES = 1_024;

    private final Sinks.Empty<Void> done;
    private final Predicate<Subscription> which;
    private final List<Subscription> ending = new ArrayList<>();

    DrainMark(Sinks.Empty<Void> done, Predicate<Subscription> which) {
        this.done = done;
        this.which = which;
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
    void emit(Link link, ByteBuf out, long now) {
        SubscriptionTable table = link.desk().subscriptions();
        table.forEach(subscription -> {
            if (which.test(subscription)) {
                FrameEncoder.unsubscribe(out, subscription.sid, 0);
                ending.add(subscription);
            }
        });
        Sinks.Empty<Void> answered = Sinks.empty();
        answered.asMono()
                .doOnTerminate(() -> ending.forEach(subscription -> end(subscription, table)))
                .subscribe(nothing -> {}, done::tryEmitError, done::tryEmitEmpty);
        link.ping(out, answered);
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
