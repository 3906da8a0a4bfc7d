package io.leasehold.lease.keeper;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stacks the nodes that the keeper has to look at; the nodes are the links, so that the stack cannot overflow. */
final class TimerInbox {
    private final AtomicReference<@Nullable TimerNode> head = new AtomicReference<>();
    private final AtomicBoolean awaited = new AtomicBoolean();

    /** Puts a node in, unless it is in already; true when somebody has to see to it that the keeper looks. */
    boolean push(TimerNode node) {
        if (!node.enterInbox()) {
            return false;
        }
        TimerNode below;
        do {
            below = head.get();
            node.inboxNext = below;
        } while (!head.compareAndSet(below, node));
        return awaited.compareAndSet(false, true);
    }

    /** Tells that the keeper is about to look: who comes from now on has to ask it again. */
    void looking() {
        awaited.set(false);
    }

    /** Takes all; the links lead from the newest to the oldest. */
    @Nullable
    TimerNode takeAll() {
        return head.getAndSet(null);
    }
}
