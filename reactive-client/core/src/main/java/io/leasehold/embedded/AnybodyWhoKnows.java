package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.time.Duration;

/**
 * Whatever names the right message settles and touches it, whoever holds it, as measured on nats-server 2.9 to
 * 2.15: an ack counts in any state, a nak frees whoever holds the message, a touch extends whoever holds it but
 * does not rescue what has run out. All is confirmed, also what changes nothing. Only the end of the group shows.
 */
final class AnybodyWhoKnows implements Fence {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

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
    public boolean isFenced() {
        return false;
    }

    @Override
    public boolean tellsHolders() {
        return false;
    }

    @Override
    public Duration crashAllowance() {
        return Duration.ofSeconds(1);
    }

    // What is kept of a lease is when it began, in whole seconds.
    @Override
    public long dueAfterRestart(long dueNanos, long leaseNanos) {
        long began = dueNanos - leaseNanos;
        return Math.floorDiv(began, SECOND) * SECOND + leaseNanos;
    }
}
