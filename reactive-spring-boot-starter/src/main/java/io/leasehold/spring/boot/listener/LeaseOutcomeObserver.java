package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Outcome;

/**
 * Is told how each run of each listener ended. Beans of this type are called in their order, on the user scheduler, for
 * one outcome of a listener at a time. They must not block; what they throw is logged and changes nothing.
 */
@FunctionalInterface
public interface LeaseOutcomeObserver {
    /**
     * Observes that a run and its settlement have ended.
     *
     * @param listener the id of the listener
     * @param outcome how they ended
     */
    void ended(String listener, Outcome outcome);
}
