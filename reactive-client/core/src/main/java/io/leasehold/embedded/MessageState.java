package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import org.jspecify.annotations.Nullable;

/**
 * Names where a message stands in its group, from its first delivery on.
 *
 * <pre>
 *            delivered           ack, terminate
 *   QUEUED -------------> HELD -----------------> SETTLED
 *    ^  ^  expired, nak   | | |   too often
 *    |  `-----------------' | `-----------------> GIVEN_UP
 *    |     delay over       v
 *    `------------------ DELAYED
 *
 *   QUEUED, HELD, DELAYED ----------------------> DELETED, GROUP_GONE
 * </pre>
 *
 * On a broker that does not fence, an ack or terminate settles from QUEUED and DELAYED as well, and a nak moves
 * between the two.
 */
enum MessageState {
    /** Waits for somebody with credit. */
    QUEUED(LeaseLoss.EXPIRED),
    /** Lent to the holder of its latest delivery. */
    HELD(null),
    /** Given back, and waits for its delay. */
    DELAYED(LeaseLoss.EXPIRED),
    /** Acked or terminated. */
    SETTLED(LeaseLoss.SETTLED_ELSEWHERE),
    /** Delivered as often as the settings allow. */
    GIVEN_UP(LeaseLoss.EXPIRED),
    /** Deleted by an administrator. */
    DELETED(LeaseLoss.MESSAGE_DELETED),
    /** Gone with its group. */
    GROUP_GONE(LeaseLoss.GROUP_GONE);

    private final @Nullable LeaseLoss loss;

    MessageState(@Nullable LeaseLoss loss) {
        this.loss = loss;
    }

    /** Returns what the latest holder is told; null when it still holds the message. */
    @Nullable
    LeaseLoss loss() {
        return loss;
    }

    /** Tells whether the message is still in its group. */
    boolean isPresent() {
        return this == QUEUED || this == HELD || this == DELAYED;
    }
}
