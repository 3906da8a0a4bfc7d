package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/** Downstream gets the deliveries themselves and settles each; its demand is the credit. */
final class DeliveriesMode<T> extends Mode<T, Delivery<T>> {

    DeliveriesMode(Consumption<T> consumption, CoreSubscriber<? super Delivery<T>> actual) {
        super(consumption, actual);
    }

    @Override
    void start(HeldDelivery<T> delivery) {
        sink().reserve();
        delivery.handOverPending();
        sink().emit(delivery);
    }

    @Override
    void closed(HeldDelivery<T> delivery, Outcome outcome) {
        if (delivery.wasWithheld()) {
            sink().unreserve();
        }
        delivery.tellOutcome();
    }

    @Override
    public void dropped(Delivery<T> element) {
        ((HeldDelivery<T>) element).withhold();
    }

    @Override
    public void threw(@Nullable Delivery<T> element, Throwable thrown) {
        if (element != null) {
            ((HeldDelivery<T>) element).handOverFailed(thrown);
        }
        super.threw(element, thrown);
    }

    @Override
    public boolean mayEmit(Delivery<T> element) {
        return ((HeldDelivery<T>) element).handOver();
    }
}
