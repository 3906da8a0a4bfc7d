package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Lets whoever names the right message settle and touch it, whoever holds it, as measured on nats-server 2.9 to 2.15:
 * an ack counts in any state, a nak frees the message whoever holds it, a touch extends the lease whoever has it but
 * does not rescue what has run out. All is confirmed, also what changes nothing. Only the end of the group shows.
 */
final class UnfencedRules implements SettlementRules {
    @Override
    public void settle(EmbeddedHandout handout, SettleItem item) {
        PendingMessage message = handout.pending();
        if (message.is(MessageState.GROUP_GONE)) {
            item.refused(LeaseLoss.GROUP_GONE);
            return;
        }

        if (message.state().isPresent()) {
            SettlementRules.apply(handout, item);
        }

        item.done();
    }

    @Override
    public void touch(EmbeddedHandout handout, TouchItem item) {
        PendingMessage message = handout.pending();
        if (message.is(MessageState.GROUP_GONE)) {
            item.refused(LeaseLoss.GROUP_GONE);
            return;
        }

        if (message.is(MessageState.HELD) || message.is(MessageState.DELAYED)) {
            message.group().extend(message);
        }

        item.confirmed(0);
    }
}
