package io.leasehold.publish;

import io.leasehold.api.Internal;

/**
 * Decides right before the bytes of a message are made whether they may be: a publish that belongs to a lease must not
 * be written once the lease is lost. A gate must be cheap, must not block, and is asked on any thread.
 */
@FunctionalInterface
@Internal
public interface PublishGate {
    /**
     * Tells whether the message may be written now. After false the publish ends with {@code LEASE_LOST}, and nothing
     * of it is written any more.
     */
    boolean tryPublish();

    /** Makes a gate that is open while both are; the other one is asked only when this one is open. */
    default PublishGate and(PublishGate other) {
        return () -> tryPublish() && other.tryPublish();
    }
}
