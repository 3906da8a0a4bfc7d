package io.leasehold.consume;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Makes work of the deliveries of one subscription, and signals its subscriber what that is to see; its demand is the
 * credit. In the dispatcher, but for context.
 *
 * @param <E> what the subscriber sees
 */
abstract class Mode<T, E> implements DemandSink.Listener<E> {
    private final Consumption<T> consumption;
    private final DemandSink<E> sink;

    Mode(Consumption<T> consumption, CoreSubscriber<? super E> actual) {
        this.consumption = consumption;
        this.sink = new DemandSink<>(actual, consumption.signals(), this);
    }

    final Consumption<T> consumption() {
        return consumption;
    }

    final DemandSink<E> sink() {
        return sink;
    }

    /** Says how many more deliveries downstream has demand for. */
    long demand() {
        return sink.available();
    }

    /** Tells whether more deliveries may ever be wanted. On any thread. */
    boolean isOpen() {
        return true;
    }

    /** Tells whether the subscriber of the outcomes has no demand for more of them. */
    boolean lacksDemand() {
        return false;
    }

    /** Says how many deliveries go into one slot. */
    int size() {
        return 1;
    }

    /** Says how many of the ready deliveries, of which there is one, shall take a slot now; 0 for none. */
    int takes(Deque<HeldDelivery<T>> ready) {
        return 1;
    }

    /** Hands over a delivery that got a slot, or a share of one. */
    abstract void start(HeldDelivery<T> delivery);

    /** Hears that run and settlement of a started delivery have ended. */
    abstract void closed(HeldDelivery<T> delivery, Outcome outcome);

    /** Hears that the consumption ends before the settlement of a started delivery is answered. */
    void unanswered(Outcome outcome) {}

    /** Hears that no more deliveries are started; those that were may still end. */
    void endDeliveries() {}

    /** Ends the signals: nothing more will come. */
    void end(@Nullable Throwable error) {
        sink.end(error);
    }

    /** Gives the subscriber's context. On any thread. */
    Context context() {
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
