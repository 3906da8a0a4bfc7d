package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * A mode that has one sink, whose demand is the credit.
 *
 * @param <E> what downstream sees
 */
abstract class SinkMode<T, E> implements Mode<T>, DemandSink.Listener<E> {
    private final Consumption<T> consumption;
    private final DemandSink<E> sink;

    SinkMode(Consumption<T> consumption, CoreSubscriber<? super E> actual) {
        this.consumption = consumption;
        this.sink = new DemandSink<>(actual, consumption.environment().signals(), this);
    }

    Consumption<T> consumption() {
        return consumption;
    }

    DemandSink<E> sink() {
        return sink;
    }

    @Override
    public long demand() {
        return sink.available();
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
    public void dropped(E element) {
        // Whoever cancelled does not want to know.
    }

    @Override
    public void ended() {
        consumption.signalled();
    }

    @Override
    public void threw(@Nullable E element, Throwable thrown) {
        consumption.threw(thrown);
    }

    @Override
    public boolean mayEmit(E element) {
        return true;
    }
}
