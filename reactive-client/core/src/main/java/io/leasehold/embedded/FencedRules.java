package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.util.function.Consumer;

/**
 * Lets only the latest delivery settle and touch, and only while it is held; others are refused and told why. The same
 * settlement again is answered again.
 */
final class FencedRules implements SettlementRules {
    private final boolean answersAll;
    private final Consumer<Command> turns;

    FencedRules(boolean answersAll, Consumer<Command> turns) {
        this.answersAll = answersAll;
        this.turns = turns;
    }

    @Override
    public void settle(EmbeddedHandout handout, SettleItem item) {
        LeaseLoss loss = handout.wasSettledBy(item.verb()) ? null : handout.loss();
        if (loss != null) {
            item.refused(loss);
            return;
        }

        if (handout.loss() == null) {
            handout.settledBy(item);
            SettlementRules.apply(handout, item);
        }

        if (answersAll) {
            item.done();
        }
    }

    @Override
    public void touch(EmbeddedHandout handout, TouchItem item) {
        LeaseLoss loss = handout.loss();
        if (loss != null) {
            item.refused(loss);
            return;
        }

        handout.group().extend(handout.pending());

        if (answersAll) {
            item.confirmed(0);
        } else {
            // A barrier behind the touch, whose answer comes in a turn of its own.
            turns.accept(Command.of(() -> item.confirmed(0)));
        }
    }
}
