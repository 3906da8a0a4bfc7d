package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Lets only the latest delivery settle and touch, and only while it is held; others are ignored, and answered as if it
 * were done. Only the end of the group shows.
 *
 * @param holder applies what comes from the holder
 * @param answersAll whether also what is done is answered, and not refusals alone
 */
record SilentlyFencedRules(FencedRules holder, boolean answersAll) implements SettlementRules {
    @Override
    public void settle(EmbeddedHandout handout, SettleItem item) {
        if (isHeard(handout)) {
            holder.settle(handout, item);
        } else if (answersAll) {
            item.done();
        }
    }

    @Override
    public void touch(EmbeddedHandout handout, TouchItem item) {
        if (isHeard(handout)) {
            holder.touch(handout, item);
        } else {
            item.confirmed(0);
        }
    }

    private static boolean isHeard(EmbeddedHandout handout) {
        LeaseLoss loss = handout.loss();
        return loss == null || loss == LeaseLoss.GROUP_GONE;
    }
}
