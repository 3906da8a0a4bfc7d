package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Tells how one run ended.
 *
 * @param kind what became of the delivery
 * @param topic the topic of its message
 * @param id the id of its message, if the broker told one
 * @param deliveryCount how often the message was handed out, this time included
 * @param loss why the lease was lost, for {@link Kind#LOST} only
 * @param code the cause, when the run did not simply complete
 * @param error the error of the handler, when it had one
 */
public record Outcome(
        Kind kind,
        String topic,
        @Nullable MessageId id,
        int deliveryCount,
        @Nullable LeaseLoss loss,
        @Nullable ErrorCode code,
        @Nullable Throwable error) {

    /** Says what became of a delivery; recorders hear the same as an {@code event.RunEnd}, which stands below this. */
    public enum Kind {
        /** Done. */
        ACKED,
        /** Given back after a failure, to be delivered again. */
        NAKED,
        /** Never to be delivered again although it was not done. */
        TERMINATED,
        /** Published to the dead-letter topic, then acked. */
        DEAD_LETTERED,
        /** Given back without failure: cancelled, drained or paused. */
        RELEASED,
        /** The lease ended without our settling. */
        LOST,
        /** Settled, but the broker's answer never came. */
        UNKNOWN
    }
}
