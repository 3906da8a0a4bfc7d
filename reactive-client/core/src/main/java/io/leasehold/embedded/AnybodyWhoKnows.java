package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Whatever names the right message settles and touches it, whoever holds it, as measured on nats-server 2.9 to
 * 2.15: an ack counts in any state, a nak frees whoever holds the message, a touch extends whoever holds it but
 * does not rescue what has run out. All is confirmed, also what changes nothing. Only the end of the group shows.
 */
final class AnybodyWhoKnows implements Fence {
    @Override
    public void settle(Grant grant, SettleItem item) {
        Held message = grant.held();
        if (message.is(HeldState.GROUP_GONE)) {
            item.refused(LeaseLoss.GROUP_GONE);
            return;
        }
        if (message.state().isPresent()) {
            Fence.apply(grant, item);
        }
        item.done();
    }

    @Override
    public void touch(Grant grant, TouchItem item) {
        Held message = grant.held();
        if (message.is(HeldState.GROUP_GONE)) {
            item.refused(LeaseLoss.GROUP_GONE);
            return;
        }
        if (message.is(HeldState.HELD) || message.is(HeldState.DELAYED)) {
            message.group().extend(message);
        }
        item.confirmed(0);
    }

    @Override
    public boolean tellsHolders() {
        return false;
    }
}
