package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Only the latest delivery may settle and touch, and only while it is held. The same settlement again is answered
 * again.
 */
final class PresentHolderOnly implements Fence {
    @Override
    public void settle(Grant grant, SettleItem item) {
        LeaseLoss loss = grant.wasSettledBy(item.verb()) ? null : grant.loss();
        if (loss != null) {
            item.refused(loss);
            return;
        }
        if (grant.loss() == null) {
            grant.settledBy(item);
            Fence.apply(grant, item);
        }
        item.done();
    }

    @Override
    public void touch(Grant grant, TouchItem item) {
        LeaseLoss loss = grant.loss();
        if (loss != null) {
            item.refused(loss);
            return;
        }
        grant.held().group().extend(grant.held());
        item.confirmed(0);
    }

    @Override
    public boolean tellsHolders() {
        return true;
    }
}
