package io.leasehold.consume;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.MonoSink;

/** A run of a delivery whose user waits for the outcome: most have none, and do not pay for it. */
final class ToldRun<T> extends Run<T> {
    private @Nullable MonoSink<Outcome> waiter;

    ToldRun(
            HeldDelivery<T> delivery,
            Function<? super Delivery<T>, ? extends @Nullable Publisher<?>> work,
            boolean blocking) {
        super(delivery, work, blocking);
    }

    /** Has somebody told the outcome, once. Before the first try. */
    void tell(MonoSink<Outcome> told) {
        waiter = told;
    }

    @Override
    @Nullable
    MonoSink<Outcome> waiter() {
        return waiter;
    }

    @Override
    @Nullable
    MonoSink<Outcome> takeWaiter() {
        MonoSink<Outcome> told = waiter;
        waiter = null;
        return told;
    }
}
