package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** A handler does the work; downstream sees the outcomes. */
final class HandleMode<T> implements Mode<T>, DemandSink.Listener<Outcome> {
    private final Consumption<T> consumption;
    private final Handler<T> handler;
    private final DemandSink<Outcome> sink;

    HandleMode(Consumption<T> consumption, Handler<T> handler, CoreSubscriber<? super Outcome> actual) {
        this.consumption = consumption;
        this.handler = handler;
        this.sink = new DemandSink<>(actual, consumption.environment().signals(), this);
    }

    DemandSink<Outcome> sink() {
        return sink;
    }

    @Override
    public long demand() {
        return sink.available();
    }

    @Override
    public void start(HeldDelivery<T> delivery) {
        sink.reserve();
        // A delivery that has failed before its handler has its run already.
        delivery.attach(new Run<>(delivery, () -> handler.handle(delivery)));
        consumption.environment().execute(delivery.currentRun().nextTry());
    }

    @Override
    public void closed(HeldDelivery<T> delivery, Outcome outcome) {
        sink.emit(outcome);
    }

    @Override
    public void end(@Nullable Throwable error) {
        sink.end(error);
    }

    @Override
    public Context context() {
        return sink.context();
    }

    @Override
    public void demanded() {
        consumption.demanded();
    }

    @Override
    public void cancelled() {
        consumption.cancelled();
    }

    @Override
    public void dropped(Outcome element) {
        // Whoever cancelled does not want to know.
    }

    @Override
    public boolean mayEmit(Outcome element) {
        return true;
    }
}
