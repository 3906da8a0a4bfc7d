package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** Downstream gets the deliveries themselves and settles each; its demand is the credit. */
final class DeliveriesMode<T> implements Mode<T>, DemandSink.Listener<Delivery<T>> {
    private final Consumption<T> consumption;
    private final DemandSink<Delivery<T>> sink;

    DeliveriesMode(Consumption<T> consumption, CoreSubscriber<? super Delivery<T>> actual) {
        this.consumption = consumption;
        this.sink = new DemandSink<>(actual, consumption.environment().signals(), this);
    }

    DemandSink<Delivery<T>> sink() {
        return sink;
    }

    @Override
    public long demand() {
        return sink.available();
    }

    @Override
    public void start(HeldDelivery<T> delivery) {
        sink.reserve();
        delivery.handOverPending();
        sink.emit(delivery);
    }

    @Override
    public void closed(HeldDelivery<T> delivery, Outcome outcome) {
        if (delivery.wasWithheld()) {
            sink.unreserve();
        }
        delivery.tellOutcome();
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
    public void dropped(Delivery<T> element) {
        ((HeldDelivery<T>) element).withhold();
    }

    @Override
    public boolean mayEmit(Delivery<T> element) {
        return ((HeldDelivery<T>) element).handOver();
    }
}
