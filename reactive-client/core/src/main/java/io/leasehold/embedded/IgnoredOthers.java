package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Only the latest delivery may settle and touch, and only while it is held; what others want is answered as if it were
 * done. Only the end of the group shows.
 */
record IgnoredOthers(PresentHolderOnly holder, boolean answersAll) implements Fence {
    @Override
    public void settle(Grant grant, SettleItem item) {
        LeaseLoss loss = grant.loss();
        if (loss == null || loss == LeaseLoss.GROUP_GONE) {
            holder.settle(grant, item);
        } else if (answersAll) {
            item.done();
        }
    }

    @Override
    public void touch(Grant grant, TouchItem item) {
        LeaseLoss loss = grant.loss();
        if (loss == null || loss == LeaseLoss.GROUP_GONE) {
            holder.touch(grant, item);
        } else {
            item.confirmed(0);
        }
    }

    @Override
    public boolean tellsHolders() {
        return true;
    }
}
