package io.leasehold.embedded;

import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.time.Duration;

/** Who may settle and touch a message. Each item has passed its gate when it is shown here, and is answered once. */
sealed interface Fence permits PresentHolderOnly, AnybodyWhoKnows {
    /** The fence of a mode. */
    static Fence of(EmbeddedMode mode) {
        return mode == EmbeddedMode.FENCED ? new PresentHolderOnly() : new AnybodyWhoKnows();
    }

    /** Applies a settlement, or refuses it. */
    void settle(Grant grant, SettleItem item);

    /** Applies a touch, or refuses it. */
    void touch(Grant grant, TouchItem item);

    /** Whether old receipts are refused. */
    boolean isFenced();

    /** Whether a holder is told that its lease ran out. */
    boolean tellsHolders();

    /** How much a restart may cut off a lease. */
    Duration crashAllowance();

    /** When a lease or delay is over after a restart that was to be over at {@code dueNanos}. */
    long dueAfterRestart(long dueNanos, long leaseNanos);

    /** Does what the item says. */
    static void apply(Grant grant, SettleItem item) {
        Held message = grant.held();
        switch (item.verb()) {
            case ACK, TERMINATE -> message.group().end(message, HeldState.SETTLED);
            case NAK -> message.group().giveBack(message, item.delayNanos());
        }
    }
}
