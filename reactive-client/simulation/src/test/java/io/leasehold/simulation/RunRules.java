package io.leasehold.simulation;

import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The promises about runs: how many there are, what starts and cancels them, and what their ends may settle. */
final class RunRules {
    private static final long TICK_NANOS = 10_000_000L;
    // What was not written for want of room is offered again after 100 ms, each time with the next tick.
    private static final long OFFER_NANOS = 100_000_000L + 2 * TICK_NANOS;
    private static final int IDLE_MAX = 12;

    private final SimWorld world;
    private final SimOracle.Terms terms;

    RunRules(SimWorld world, SimOracle.Terms terms) {
        this.world = world;
        this.terms = terms;
    }

    // ---- P4, P6: one run per message, slots until the end

    /** Work on a delivery is about to begin, or to begin anew. */
    void checkStart(WatchedDelivery held) {
        if (held.open != null) {
            world.violate("P4", held + " was begun beside its own work");
        }
        int busy = 0;
        for (WatchedDelivery other : held.client().helds()) {
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

    private void checkFirstStart(WatchedDelivery held, int busy) {
        checkAlive(held);
        if (busy >= slots(held.client().instance())) {
            world.violate("P6", held + " was started although " + busy + " slots were taken");
        }
        SimSubscription<?> consuming = held.consuming;
        if (consuming.isDraining()) {
            world.violate("P10", held + " was started although its consumer was ending");
        }
        if (consuming.started() >= consuming.requested()) {
            world.violate("P8", held + " was started although nobody had asked for more");
        }
        consuming.countStart();
    }

    /** A run is about to begin: with those that are open there must not be more than may be at once. */
    void checkRuns(WatchedWork work, List<WatchedWork> open) {
        SimClient client = work.client();
        if (!terms.plan().consumer().startsRuns()) {
            return;
        }
        int busy = 0;
        for (WatchedWork other : open) {
            busy += other.client() == client ? 1 : 0;
        }
        if (busy >= client.instance().concurrencyMax()) {
            world.violate("P6", "work on " + work.all() + " was subscribed beside " + busy + " others");
        }
    }

    // Its client counts from an earlier instant than the broker did: it cannot have had more time left than this.
    private void checkAlive(WatchedDelivery held) {
        SimGrant grant = held.grant;
        long left = grant.othersFrom - grant.budgetNanos() - world.now();
        long least = Math.max(2 * grant.budgetNanos(), grant.core.leaseTime().nanos() / 10);
        if (left < least / 1_000 * 998 - held.client().node().agedErrorNanos()
                && !grant.isTaken()
                && !grant.disconnected) {
            world.violate(
                    "P1", held + " was dead on arrival, " + left / 1_000 / 1e3 + " ms before its end, but started");
        }
    }

    // In a pipeline a slot is taken at hand-over, perhaps before there were fewer of them.
    private int slots(Instance instance) {
        ConsumerPlan consumer = terms.plan().consumer();
        int most = instance.concurrencyMax();
        int runs = consumer.startsRuns() ? instance.concurrencyLately(terms.slackNanos() + terms.wakeNanos()) : most;
        return runs * consumer.batchSize();
    }

    // No overlap and the order of arrival; who had to wait for an older run of its message joins at the tail.
    private void checkLane(WatchedDelivery held, WatchedDelivery other) {
        if (!terms.plan().consumer().keyed() || !held.isOfKeyOf(other)) {
            return;
        }
        if (other.isRunning()) {
            world.violate("order", held + " was started while its key was taken by " + other);
        }
        boolean earlier =
                held.client().helds().indexOf(other) < held.client().helds().indexOf(held);
        boolean waits = !other.isStarted() && !other.isLeaseOver() && other.grant.written == null;
        boolean out = other.waiting.behind || other.isDecided();
        boolean expired = world.now() > other.grant.othersFrom - other.grant.budgetNanos();
        boolean tired = world.now() - other.deliveredAt > held.client().maxHoldNanos() / 1_000 * 998 - TICK_NANOS;
        if (earlier && waits && !out && !expired && !tired && other.consuming == held.consuming && !held.isStarted()) {
            world.violate("order", held + " was started before " + other + " of its key");
        }
    }

    /** A consumer that is paused or drained has a delivery that was not started: it must give it back soon. */
    void checkGivenBack(WatchedDelivery held) {
        SimClient client = held.client();
        SimSubscription<?> consuming = held.consuming;
        @Nullable SimConnection connection = client.session().connection();
        if (!terms.plan().consumer().startsRuns() || held.waiting.behind || connection == null) {
            return;
        }
        long stops = consuming.stops();
        long since = world.now();
        client.node().check(Math.max(held.grant.budgetNanos(), OFFER_NANOS) + terms.slackNanos(), () -> {
            boolean kept =
                    !held.isStarted() && !held.waiting.isLettered && !held.isLeaseOver() && held.grant.written == null;
            boolean still = consuming.isStopped() && consuming.stops() == stops;
            boolean sent =
                    client.session().isOpenSince(since) && client.session().connection() == connection;
            if (kept && still && sent) {
                world.violate("P4", held + " was not given back although its consumer takes nothing");
            }
        });
    }

    /** A message that is given back without a run must not come again and again. */
    void checkLoop(WatchedDelivery held) {
        long since = world.now() - terms.plan().leaseNanos();
        int idle = 0;
        for (WatchedDelivery other : held.client().helds()) {
            boolean lately = other.deliveredAt > since && !other.isStarted();
            idle += lately && other.grant.message == held.grant.message ? 1 : 0;
        }
        if (idle > IDLE_MAX) {
            world.violate("P9", held + " came for the " + idle + "th time within one lease, and was never started");
        }
    }

    /** Work that goes on must not do so for longer than its consumer allows. */
    void checkBounds(WatchedWork work, WatchedDelivery held, boolean wakingUp) {
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
    void checkCancel(WatchedWork work) {
        for (WatchedDelivery held : work.all()) {
            if (mayBeCancelled(held)) {
                return;
            }
        }
        world.violate("P5", "work on " + work.all() + " was cancelled for no reason");
    }

    private static boolean mayBeCancelled(WatchedDelivery held) {
        return held.isLeaseOver()
                || !held.grant.isNewest()
                || held.asks(SettleVerb.NAK)
                || held.isHeldTooLong()
                || held.client().mayTimeOut()
                || held.client().isStopping()
                || held.consuming.isEnding()
                || held.grant.isTaken();
    }

    // ---- P12: nothing disappears; naks follow their rules

    /** A settlement is written: somebody must have wanted it. */
    void checkEarned(WatchedDelivery held, SettleItem item) {
        switch (item.verb()) {
            case ACK -> {
                if (!held.allows(SettleVerb.ACK) && !held.isDeadLettered()) {
                    world.violate("P12", held + " was acked although nobody had done it");
                }
            }
            case TERMINATE -> {
                boolean mayBeGivenUp = !terms.plan().consumer().deadLetters();
                if (!held.allows(SettleVerb.TERMINATE) && !mayBeGivenUp) {
                    world.violate("P12", held + " was terminated although nobody had said so");
                }
            }
            case NAK -> checkNak(held, item.delayNanos());
        }
    }

    private void checkNak(WatchedDelivery held, long delayNanos) {
        if (terms.plan().consumer().oddity() == ConsumerPlan.Oddity.NEVER_NAKS) {
            world.violate("P1", held + " was given back by a nak although none may be written");
        }
        // On waking the patience may be over before the cancel, which was due long ago, gets its turn.
        long awake = held.client().node().thawedAt() + terms.wakeNanos() + terms.slackNanos();
        if (held.open != null && !held.asks(SettleVerb.NAK) && world.now() > awake) {
            world.violate("P1", held + " was given back while its work was subscribed");
        }
        // Where clients hold what they give back, its delay is over when the nak is written.
        boolean delayed = !terms.plan().extras().holdsNaks();
        if (delayed && held.isRunning() && delayNanos < 2 * held.grant.budgetNanos() + terms.crashNanos()) {
            world.violate("P1", held + " was given back too soon although its run had not ended");
        }
    }
}
