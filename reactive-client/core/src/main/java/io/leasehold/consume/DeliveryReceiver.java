package io.leasehold.consume;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Hears what happens to the deliveries of one subscription, and says what may still be begun for them. On any thread,
 * unless said otherwise.
 */
interface DeliveryReceiver<T> {
    /** Hears that something about a delivery has changed, which the dispatcher is to look at. */
    void changed(HeldDelivery<T> delivery);

    /** Looks at a delivery that has changed. In the dispatcher. */
    void look(HeldDelivery<T> delivery);

    /** Has a step done in the dispatcher. */
    void execute(Runnable step);

    /**
     * Hears that a delivery has arrived. In the dispatcher.
     *
     * @param waiting how many wait already
     * @return true when there is no room for it: beyond the credit, and beyond what may wait
     */
    boolean isTooMany(int waiting);

    /** Gives the key of a delivery's lane, or null; one that cannot be told makes the delivery unfit. */
    @Nullable
    String keyOf(HeldDelivery<T> delivery);

    /** Says how long a delivery may wait for its key. */
    long laneWaitNanos();

    /** Hears how a delivery has ended that had a slot. In the dispatcher. */
    void closed(HeldDelivery<T> delivery, Outcome outcome);

    /** Tells whether what comes may be worked on: neither paused, nor drained, nor ended. */
    boolean isTaking();

    /** Tells whether nothing is started until it is resumed. */
    boolean isPaused();

    /** Tells whether nothing is started any more. */
    boolean isEnding();

    /** Tells whether a try that failed may be followed by another one. */
    boolean mayRetry();

    /** Gives the Reactor context of the subscriber. */
    Context subscriberContext();
}
