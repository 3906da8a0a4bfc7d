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

    /** A delivery got a slot: hand it over. */
    void start(HeldDelivery<T> delivery);

    /** Run and settlement of a started delivery have ended. */
    void closed(HeldDelivery<T> delivery, Outcome outcome);

    /** Nothing more will come. */
    void end(@Nullable Throwable error);

    /** The subscriber's context. */
    Context context();
}
