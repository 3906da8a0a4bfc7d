package io.leasehold.signal;

import io.leasehold.lease.LeaseReporter;

/**
 * Where everything reports to: the hot paths through methods that allocate nothing, rare things as {@link
 * MessagingEvent}s. Implementations must be cheap and must not block; they may be called on any thread.
 */
public interface Recorder extends LeaseReporter {
    /** A recorder that tells nobody. */
    Recorder NONE = new Recorder() {};

    /** Something rare happened. */
    default void event(MessagingEvent event) {}
}
