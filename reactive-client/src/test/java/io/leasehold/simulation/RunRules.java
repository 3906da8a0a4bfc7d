package io.leasehold.simulation;

import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Verb;

/** The promises about runs: how many there are, what starts and cancels them, and what their ends may settle. */
final class RunRules {
    private static final long TICK_NANOS = 10_000_000L;

    private final SimWorld world;
    private final Oracle.Terms terms;

    RunRules(SimWorld world, Oracle.Terms terms) {
        this.world = world;
        this.terms = terms;
    }

    // ---- P4, P6: one run per message, slots until the end

    /** Work on a delivery is about to begin, or to begin anew. */
    void checkStart(Held held) {
        int busy = 0;
        for (Held other : held.client().helds()) {
            if (other == held) {
                continue;
            }
            if (other.grant.message == held.grant.message && other.isRunning()) {
                world.violate("P4", held + " was started beside " + other);
            }
            if (other.holdsSlot()) {
                busy++;
            }
            checkLane(held, other);
        }
        if (!held.isStarted()) {
            checkFirstStart(held, busy);
        }
    }

    private void checkFirstStart(Held held, int busy) {
        if (busy >= slots(held.client().instance())) {
            world.violate("P6", held + " was started although " + busy + " slots were taken");
        }
        Consuming<?> consuming = held.consuming;
        if (consuming.isDraining()) {
            world.violate("P10", held + " was started although its consumer was ending");
        }
        if (consuming.started() >= consuming.requested()) {
            world.violate("P8", held + " was started although nobody had asked for more");
        }
        consuming.countStart();
    }

    // In a pipeline a slot is taken at hand-over, perhaps before there were fewer of them.
    private int slots(Instance instance) {
        boolean handles = terms.plan().consumer().style() == ConsumerPlan.Style.HANDLES;
        return handles ? instance.concurrencyLately(terms.slackNanos() + terms.wakeNanos()) : instance.concurrencyMax();
    }

    // No overlap and the order of arrival; who had to wait for an older run of its message joins at the tail.
    private void checkLane(Held held, Held other) {
        if (!terms.plan().consumer().keyed() || !held.isOfKeyOf(other)) {
            return;
        }
        if (other.isRunning()) {
            world.violate("order", held + " was started while its key was taken by " + other);
        }
        boolean earlier =
                held.client().helds().indexOf(other) < held.client().helds().indexOf(held);
        boolean waits = !other.isStarted() && !other.isLeaseOver() && other.grant.written == null && !other.behind;
        boolean expired = world.now() > other.grant.othersFrom - other.grant.budgetNanos();
        boolean tired = world.now() - other.deliveredAt > held.client().maxHoldNanos() / 1_000 * 998 - TICK_NANOS;
        if (earlier && waits && !expired && !tired && other.consuming == held.consuming && !held.isStarted()) {
            world.violate("order", held + " was started before " + other + " of its key");
        }
    }

    /** Work that goes on must not do so for longer than its consumer allows. */
    void checkBounds(Work work, boolean wakingUp) {
        Held held = work.held;
        SimNode node = held.client().node();
        if (wakingUp || !node.isRunning()) {
            return;
        }
        ConsumerPlan.Limits limits = terms.plan().consumer().limits();
        // A nak within the run sets a limit of its own, J later.
        long late = 2 * held.grant.budgetNanos() + terms.slackNanos() + node.agedErrorNanos();
        if (held.heldNanos() > limits.maxHoldNanos() + late) {
            world.violate("maxHold", "work on " + held + " goes on after so long");
        }
        if (limits.timeoutNanos() > 0 && node.agedNanos() - work.since() > limits.timeoutNanos() + late) {
            world.violate("timeout", "work on " + held + " goes on after so long");
        }
    }

    /** Work was cancelled. */
    void checkCancel(Held held) {
        boolean wanted = held.isLeaseOver()
                || !held.grant.isNewest()
                || held.asks(Verb.NAK)
                || held.isHeldTooLong()
                || held.client().mayTimeOut()
                || held.client().isStopping()
                || held.consuming.isEnding()
                || held.grant.isTaken();
        if (!wanted) {
            world.violate("P5", "work on " + held + " was cancelled for no reason");
        }
    }

    // ---- P12: nothing disappears; naks follow their rules

    /** A settlement is written: somebody must have wanted it. */
    void checkEarned(Held held, SettleItem item) {
        switch (item.verb()) {
            case ACK -> {
                if (!held.allows(Verb.ACK) && !held.isDeadLettered()) {
                    world.violate("P12", held + " was acked although nobody had done it");
                }
            }
            case TERMINATE -> {
                boolean mayBeGivenUp = !terms.plan().consumer().deadLetters();
                if (!held.allows(Verb.TERMINATE) && !mayBeGivenUp) {
                    world.violate("P12", held + " was terminated although nobody had said so");
                }
            }
            case NAK -> checkNak(held, item.delayNanos());
        }
    }

    private void checkNak(Held held, long delayNanos) {
        if (terms.plan().consumer().oddity() == ConsumerPlan.Oddity.NEVER_NAKS) {
            world.violate("P1", held + " was given back by a nak although none may be written");
        }
        // On waking the patience may be over before the cancel, which was due long ago, gets its turn.
        long awake = held.client().node().thawedAt() + terms.wakeNanos() + terms.slackNanos();
        if (held.open != null && !held.asks(Verb.NAK) && world.now() > awake) {
            world.violate("P1", held + " was given back while its work was subscribed");
        }
        if (held.isRunning() && delayNanos < 2 * held.grant.budgetNanos() + terms.crashNanos()) {
            world.violate("P1", held + " was given back too soon although its run had not ended");
        }
    }
}
