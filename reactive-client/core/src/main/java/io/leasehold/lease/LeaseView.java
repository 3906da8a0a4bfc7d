package io.leasehold.lease;

import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is known of one lease, to recorders and whoever else looks on: nothing here changes a lease, blocks or
 * reads a clock. Each reading is that of its moment. Safe from any thread.
 */
public interface LeaseView {
    /** Names the group that it is held for; empty when there is none. */
    String group();

    /** Gives the message that it is on, or null when that is none. */
    @Nullable
    Message message();

    /** Gives the token of its delivery, or null when the broker has none. */
    @Nullable
    FencingToken token();

    /** Counts how often the message was handed out, this time included; 0 when the broker does not know. */
    int deliveryCount();

    /** Gives the present state; an open one may have passed its deadline. */
    LeaseState state();

    /** Gives the verb that was decided, or null while none is and after a loss. */
    @Nullable
    SettleVerb decidedOrNull();

    /** Gives the reason of the loss, or null when it is not lost. */
    @Nullable
    LeaseLoss lossOrNull();

    /** Gives the work deadline, in {@link Ticker} nanoseconds. */
    long deadlineNanos();

    /** Gives the {@link Ticker} nanoseconds when work was first started; {@link Long#MAX_VALUE} while it was not. */
    long startedNanos();

    /** Counts the touches that were sent. */
    int touches();
}
