package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Only the latest delivery may settle and touch, and only while it is held. The same settlement again is answered
 * again.
 */
final class PresentHolderOnly implements Fence {
    private final boolean answersAll;

    PresentHolderOnly(boolean answersAll) {
        this.answersAll = answersAll;
    }

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
        if (answersAll) {
            item.done();
        }
    }

    @Override
    public void touch(Grant grant, TouchItem item) {
        LeaseLoss loss = grant.loss();
        if (loss != null) {
            item.refused(loss);
            return;
        }
        grant.held().group().extend(grant.held());
        if (answersAll) {
            item.confirmed(0);
        } else {
            // Its own barrier behind the touch, whose answer comes in a turn of its own.
            grant.held().group().exchange().submit(Command.of(() -> item.confirmed(0)));
        }
    }

    @Override
    public boolean tellsHolders() {
        return true;
    }
}
