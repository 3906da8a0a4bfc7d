package io.leasehold.event;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseReporter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything reports to: the hot paths through methods that allocate nothing, rare things as {@link
 * MessagingEvent}s. Implementations must be cheap and must not block; they may be called on any thread,
 * also on that of a user who has just subscribed to something else: what a thread local holds there says nothing.
 */
@CheckReturnValue
public interface Recorder extends LeaseReporter {
    /** A recorder that tells nobody. */
    Recorder NONE = new Recorder() {};

    /** A recorder that tells each of these, in this order; one that throws does not keep others from being told. */
    static Recorder all(List<? extends Recorder> recorders) {
        return recorders.size() == 1 ? recorders.get(0) : new FanOut(recorders);
    }

    /**
     * The recorder that one client reports to, asked once when it is built: this one, unless it tells clients apart.
     *
     * @param client the name of the instance
     */
    default Recorder forClient(String client) {
        return this;
    }

    /** Something rare happened. */
    default void event(MessagingEvent event) {}

    /**
     * A publish ended.
     *
     * @param code why it failed; null when the broker has the message
     * @param nanos from its beginning to its end
     */
    default void published(String topic, @Nullable ErrorCode code, long nanos) {}

    /** A delivery got a slot: its run begins as soon as a thread is free. */
    default void started(String group) {}

    /**
     * Run and settlement of a delivery that had got a slot have ended.
     *
     * @param code why it did not simply complete; null when it did
     * @param nanos from the first call of the handler to the end; 0 when it was never called
     */
    default void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {}

    /**
     * A run that had lost its lease has ended.
     *
     * @param nanos from the loss to the end
     */
    default void cancelled(String group, long nanos) {}

    /**
     * A group is consumed for the first time; its numbers may be read until {@link #forgetting} or {@link #closed}. The
     * client keeps them until then, so that a recorder may hold them weakly.
     */
    default void watching(GroupReadings group) {}

    /** Nothing is consumed for a group any more, and nothing is held: its numbers are not to be read any longer. */
    default void forgetting(String group) {}

    /** A client has begun to publish; its numbers are kept, and may be read, until {@link #closed}. */
    default void watching(PublishReadings publishing) {}

    /** A client has a session with its broker; its numbers are kept, and may be read, until {@link #closed}. */
    default void watching(BrokerReadings broker) {}

    /** The client is closed: what was kept of it may go. */
    default void closed() {}

    /** A message is to be written once more, under the same id. */
    default void publishRepeated(String topic) {}

    /** A publish was cancelled before its message was written. */
    default void publishTakenBack(String topic) {}
}
