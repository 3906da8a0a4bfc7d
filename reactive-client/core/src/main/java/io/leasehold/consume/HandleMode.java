package io.leasehold.consume;

import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;

/** A handler does the work; downstream sees the outcomes. */
final class HandleMode<T> extends Mode<T, Outcome> {
    private final Function<Delivery<T>, Publisher<?>> handler;
    private final boolean blocking;

    HandleMode(Consumption<T> consumption, Handler<T> handler, CoreSubscriber<? super Outcome> actual) {
        super(consumption, actual);
        this.handler = handler::handle;
        this.blocking = handler instanceof BlockingHandler<T>;
    }

    @Override
    void start(HeldDelivery<T> delivery) {
        sink().reserve();
        // A delivery that has failed before its handler has its run already.
        delivery.attach(new Run<>(delivery, handler, blocking));
        consumption().client().users().execute(delivery.currentRun().nextTry());
    }

    @Override
    boolean lacksDemand() {
        return demand() <= 0;
    }

    @Override
    void closed(HeldDelivery<T> delivery, Outcome outcome) {
        sink().emit(outcome);
    }

    @Override
    void unanswered(Outcome outcome) {
        sink().emit(outcome);
    }
}
