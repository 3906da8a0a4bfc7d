package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Verb;
import io.leasehold.simulation.Manners.Ending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The promises, checked against the truth of the {@link Ledger} after every step and at every gate. Nothing here trusts
 * what the client believes about its own leases.
 */
final class Oracle {
    private final SimWorld world;
    private final Terms terms;
    private final List<Work> open = new ArrayList<>();
    private int effects;
    private int calls;
    private int cancels;

    /**
     * What the promises are measured with.
     *
     * @param leaseNanos T
     * @param budgetNanos J
     * @param guardNanos N
     * @param slackNanos how late timers and threads of a client may be together
     * @param wakeNanos within what time a thawed client gets to everything that had waited
     * @param fenced whether the broker checks tokens
     */
    record Terms(long leaseNanos, long budgetNanos, long guardNanos, long slackNanos, long wakeNanos, boolean fenced) {}

    Oracle(SimWorld world, Terms terms) {
        this.world = world;
        this.terms = terms;
        world.afterStep(this::checkOpenWork);
    }

    // ---- P1: work is subscribed only while its lease is held

    private void checkOpenWork() {
        for (int i = 0; i < open.size(); i++) {
            checkOpenWork(open.get(i));
        }
    }

    private void checkOpenWork(Work work) {
        Held held = work.held;
        long latest = held.grant.othersFrom - terms.budgetNanos() + terms.slackNanos();
        if (world.now() <= latest || held.grant.message.endedAs != null) {
            return;
        }
        SimNode node = held.client.node();
        boolean wakingUp = world.now() <= node.thawedAt() + terms.wakeNanos() + terms.budgetNanos();
        if (node.isRunning() && !wakingUp) {
            world.violate(
                    "P1",
                    "work on " + held + " is still subscribed; others may be given the message from "
                            + held.grant.othersFrom / 1_000 / 1e3 + " ms on");
        }
    }

    /** A gate has let something through, which it does at once after it looked at the clock, also after a freeze. */
    private void requireHeld(Held held, long guardNanos, String promise, String what) {
        boolean late = world.now() > held.grant.othersFrom - terms.budgetNanos() - guardNanos;
        if (late && held.grant.message.endedAs == null) {
            world.violate(promise, what + " for " + held + " although its lease had ended");
        }
    }

    /** A handler is called. */
    void handlerCalled(Held held) {
        calls++;
        held.called();
        world.mark(held.grant.number);
        held.client.trace("handler called for", held);
        requireHeld(held, 0, "P1", "the handler was called");
        if (held.loss() != null) {
            world.violate("P1", "the handler was called for " + held + " after the loss: " + held.loss());
        }
        checkAlone(held);
        checkSlots(held);
    }

    void workSubscribed(Work work) {
        requireHeld(work.held, 0, "P1", "work was subscribed");
        work.held.open = work;
        open.add(work);
    }

    void workCancelled(Work work) {
        cancels++;
        work.held.client.trace("work cancelled for", work.held);
        closed(work);
        Held held = work.held;
        boolean wanted = held.loss() != null
                || held.client.isStopping()
                || held.client.mayTimeOut()
                || held.asks(Verb.NAK)
                || held.isHeldTooLong()
                || held.hasFailedChild()
                || held.isLeaseOver();
        if (!wanted) {
            world.violate("P5", "work on " + held + " was cancelled for no reason");
        }
    }

    /** A handler is about to end by itself. */
    void workEnding(Work work, Ending ending) {
        closed(work);
        Held held = work.held;
        held.client.trace(ending.name(), held);
        switch (ending) {
            case COMPLETES, SAYS_ACK -> held.say(Verb.ACK);
            case SAYS_TERMINATE -> held.say(Verb.TERMINATE);
            default -> {}
        }
    }

    private void closed(Work work) {
        world.mark(-work.held.grant.number);
        open.remove(work);
        if (work.held.open == work) {
            work.held.open = null;
        }
    }

    /** A handler does something to the world. */
    void effect(Work work) {
        effects++;
        work.held.client.trace("effect for", work.held);
    }

    // ---- P4, P6: one run per message, slots until the end

    private void checkAlone(Held held) {
        for (Held other : held.client.helds()) {
            if (other != held && other.grant.message == held.grant.message && other.isRunning()) {
                world.violate("P4", held + " was started beside " + other);
            }
        }
    }

    private void checkSlots(Held held) {
        int busy = 0;
        for (Held other : held.client.helds()) {
            if (other != held && other.holdsSlot()) {
                busy++;
            }
        }
        if (busy >= held.client.concurrency()) {
            world.violate("P6", held + " was started although " + busy + " slots were taken");
        }
    }

    // ---- P2, P3: what is written

    /** A settlement is written. */
    void settles(Held held, SettleItem item) {
        Verb verb = item.verb();
        held.client.trace("writes " + verb + " for", held);
        if (held.loss() != null) {
            world.violate("P2", verb + " was written for " + held + " after the loss: " + held.loss());
        }
        long guard = verb == Verb.NAK ? 0 : terms.guardNanos();
        requireHeld(held, guard, "P2", verb + " was written");
        Grant grant = held.grant;
        if (grant.written != null && (grant.written != verb || verb == Verb.NAK)) {
            world.violate("P3", verb + " was written for " + held + " after " + grant.written);
        }
        grant.written = verb;
        grant.writes++;
        checkEarned(held, item);
    }

    /** A touch is written. */
    void touches(Held held) {
        held.client.trace("touches", held);
        if (held.loss() != null) {
            world.violate("P2", "a touch was written for " + held + " after the loss: " + held.loss());
        }
        requireHeld(held, 0, "P2", "a touch was written");
    }

    // ---- P12: nothing disappears; naks follow their rules

    private void checkEarned(Held held, SettleItem item) {
        switch (item.verb()) {
            case ACK -> {
                if (!held.allows(Verb.ACK) && !held.isDeadLettered()) {
                    world.violate("P12", held + " was acked although nobody had done it");
                }
            }
            case TERMINATE -> {
                if (!held.allows(Verb.TERMINATE) && !held.mayBeGivenUp()) {
                    world.violate("P12", held + " was terminated although nobody had said so");
                }
            }
            case NAK -> checkNak(held, item.delayNanos());
        }
    }

    private void checkNak(Held held, long delayNanos) {
        boolean inside = held.asks(Verb.NAK);
        if (held.open != null && !inside) {
            world.violate("P1", held + " was given back while its work was subscribed");
        }
        if (held.isRunning() && delayNanos < 2 * terms.budgetNanos()) {
            world.violate("P1", held + " was given back at once although its run had not ended");
        }
    }

    // ---- losses

    /** A client says that it lost a lease. */
    void lost(Held held, LeaseLoss loss) {
        held.client.trace("lost (" + loss + ")", held);
        @Nullable String wrong = wrongWith(held, loss);
        if (wrong != null) {
            world.violate("P5", held + " was lost as " + loss + ", but " + wrong);
        }
        held.lost(loss);
    }

    private @Nullable String wrongWith(Held held, LeaseLoss loss) {
        long sure = terms.leaseNanos() / 1_001 * 999 - held.client.crashAllowanceNanos();
        long least = held.handout.anchorNanos() + sure - terms.budgetNanos() - terms.guardNanos() - 10_000_000L;
        return switch (loss) {
            case EXPIRED -> held.client.node().nanos() < least ? "its deadline had not come" : null;
            case SUPERSEDED -> held.grant.isNewest() ? "no newer delivery of it exists" : null;
            case SETTLED_ELSEWHERE -> held.grant.message.endedAs == null ? "nobody settled it" : null;
            case CLOSED -> held.client.isStopping() ? null : "its client was not closed";
            case CONNECTION_LOST, GROUP_GONE, MESSAGE_DELETED -> "nothing of the kind happened";
            case MAX_HOLD, RUN_OUT, ABANDONED -> null;
        };
    }

    // ---- what happened

    /** Handlers that never ended are to end now. */
    void hurryAll() {
        for (Work work : List.copyOf(open)) {
            work.hurry();
        }
    }

    /** A crashed client's work is no more. */
    void crashed(SimClient client) {
        open.removeIf(work -> work.held.client == client);
    }

    int effectCount() {
        return effects;
    }

    int callCount() {
        return calls;
    }

    int cancelCount() {
        return cancels;
    }

    int openCount() {
        return open.size();
    }
}
