package io.leasehold.consume;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * How the deliveries of one subscription become work, and what its subscriber sees. In the dispatcher, but for
 * context.
 */
interface Mode<T> {
    /** How many more deliveries downstream has demand for. */
    long demand();

    /** Whether more deliveries may ever be wanted. On any thread. */
    default boolean isOpen() {
        return true;
    }

    /** Whether the subscriber of the outcomes has no demand for more of them. */
    default boolean lacksDemand() {
        return false;
    }

    /** How many deliveries go into one slot. */
    default int size() {
        return 1;
    }

    /** How many of the ready deliveries, of which there is one, shall take a slot now; 0 for none. */
    default int takes(Deque<HeldDelivery<T>> ready) {
        return 1;
    }

    /** A delivery got a slot, or a share of one: hand it over. */
    void start(HeldDelivery<T> delivery);

    /** Run and settlement of a started delivery have ended. */
    void closed(HeldDelivery<T> delivery, Outcome outcome);

    /** The consumption ends before the settlement of a started delivery is answered. */
    default void unanswered(Outcome outcome) {}

    /** Nothing more will come. */
    void end(@Nullable Throwable error);

    /** The subscriber's context. */
    Context context();
}
