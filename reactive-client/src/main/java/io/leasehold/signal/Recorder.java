package io.leasehold.signal;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseReporter;
import org.jspecify.annotations.Nullable;

/**
 * Where everything reports to: the hot paths through methods that allocate nothing, rare things as {@link
 * MessagingEvent}s. Implementations must be cheap and must not block; they may be called on any thread.
 */
public interface Recorder extends LeaseReporter {
    /** A recorder that tells nobody. */
    Recorder NONE = new Recorder() {};

    /** Something rare happened. */
    default void event(MessagingEvent event) {}

    /**
     * A publish ended.
     *
     * @param code why it failed; null when the broker has the message
     * @param nanos from its beginning to its end
     */
    default void published(String topic, @Nullable ErrorCode code, long nanos) {}

    /** A message is to be written once more, under the same id. */
    default void publishRepeated(String topic) {}

    /** A publish was cancelled before its message was written. */
    default void publishTakenBack(String topic) {}
}
