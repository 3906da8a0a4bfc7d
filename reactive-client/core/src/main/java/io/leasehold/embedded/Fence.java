package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;

/** Who may settle and touch a message. Each item has passed its gate when it is shown here, and is answered once. */
sealed interface Fence permits PresentHolderOnly, AnybodyWhoKnows, IgnoredOthers {
    /** The fence of a broker that plays what is asked for. */
    static Fence of(Capabilities plays) {
        return switch (plays.fencing()) {
            case TOLD -> new PresentHolderOnly(plays.answersAll());
            case SILENT -> new IgnoredOthers(new PresentHolderOnly(plays.answersAll()), plays.answersAll());
            case NONE -> new AnybodyWhoKnows();
        };
    }

    /** Applies a settlement, or refuses it. */
    void settle(Grant grant, SettleItem item);

    /** Applies a touch, or refuses it. */
    void touch(Grant grant, TouchItem item);

    /** Whether a holder is told that its lease ran out. */
    boolean tellsHolders();

    /** Does what the item says. */
    static void apply(Grant grant, SettleItem item) {
        Held message = grant.held();
        switch (item.verb()) {
            case ACK, TERMINATE -> message.group().end(message, HeldState.SETTLED);
            case NAK -> message.group().giveBack(message, item.delayNanos());
        }
    }
}
