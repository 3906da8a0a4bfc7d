package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * How the deliveries of one subscription become work, and what its subscriber sees. In the dispatcher, but for
 * context.
 */
interface Mode<T> {
    /** How many more deliveries downstream has demand for. */
    long demand();

    /** How many deliveries go into one slot. */
    default int size() {
        return 1;
    }

    /** How many of the ready deliveries, at least one, shall take a slot now; 0 for none. */
    default int takes(int ready) {
        return Math.min(1, ready);
    }

    /** A delivery got a slot, or a share of one: hand it over. */
    void start(HeldDelivery<T> delivery);

    /** Run and settlement of a started delivery have ended. */
    void closed(HeldDelivery<T> delivery, Outcome outcome);

    /** Nothing more will come. */
    void end(@Nullable Throwable error);

    /** The subscriber's context. */
    Context context();
}
