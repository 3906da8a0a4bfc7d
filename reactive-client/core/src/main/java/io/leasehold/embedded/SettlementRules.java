package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.util.function.Consumer;

/**
 * Decides who may settle and touch a message, as the broker's fencing says. Each item has passed its gate when it is
 * given to the rules, and is answered once.
 */
sealed interface SettlementRules permits FencedRules, UnfencedRules, SilentlyFencedRules {
    /**
     * Returns the rules of a broker that plays what is asked for.
     *
     * @param turns runs a command in a turn of its own
     */
    static SettlementRules of(Capabilities plays, Consumer<Command> turns) {
        return switch (plays.fencing()) {
            case TOLD -> new FencedRules(plays.answersAll(), turns);
            case SILENT -> new SilentlyFencedRules(new FencedRules(plays.answersAll(), turns), plays.answersAll());
            case NONE -> new UnfencedRules();
        };
    }

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
