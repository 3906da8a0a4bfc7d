package io.leasehold.embedded;

import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/**
 * Decides who may settle and touch a message, as the broker's fencing says. Each item has passed its gate when it is
 * given to the rules, and is answered once.
 */
interface SettlementRules {
    /** Applies a settlement, or refuses it. */
    void settle(EmbeddedHandout handout, SettleItem item);

    /** Applies a touch, or refuses it. */
    void touch(EmbeddedHandout handout, TouchItem item);

    /** Does what a settlement says. */
    static void apply(EmbeddedHandout handout, SettleItem item) {
        PendingMessage message = handout.pending();
        switch (item.verb()) {
            case ACK, TERMINATE -> message.group().end(message, MessageState.SETTLED);
            case NAK -> message.group().giveBack(message, item.delayNanos());
        }
    }
}
