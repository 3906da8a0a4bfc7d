package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.simulation.Manners.Ending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The promises about leases, checked against the truth of the {@link LeaseLedger} after every step and at every gate.
 * Nothing here trusts what the client believes about its own leases.
 */
final class SimOracle {
    private static final long MS = 1_000_000L;
    // While nothing asks for the time the watchdog looks every 100 ms.
    private static final long WATCHDOG_NANOS = 100 * MS;
    private static final int TRIES_APART = 4;

    private final SimWorld world;
    private final Terms terms;
    private final RunRules runs;
    private final SettleRules settleRules;
    private final List<WatchedWork> open = new ArrayList<>();

    /**
     * What the promises are measured with.
     *
     * @param plan the schedule
     * @param crashNanos B
     * @param slackNanos how late timers and threads of a client may be together
     * @param wakeNanos within what time a thawed client gets to everything that had waited
     */
    record Terms(Plan plan, long crashNanos, long slackNanos, long wakeNanos) {}

    SimOracle(SimWorld world, Terms terms) {
        this.world = world;
        this.terms = terms;
        this.runs = new RunRules(world, terms);
        this.settleRules = new SettleRules(world, terms);
        world.afterStep(this::checkOpenWork);
    }

    // ---- P1: work is subscribed only while its lease is held

    private void checkOpenWork() {
        for (int i = 0; i < open.size() && world.violation() == null; i++) {
            WatchedWork work = open.get(i);
            List<WatchedDelivery> helds = work.helds();
            for (int j = 0; j < helds.size(); j++) {
                WatchedDelivery held = helds.get(j);
                checkOpenWork(held);
                runs.checkBounds(work, held, isWakingUp(held));
            }
            if (helds.isEmpty()) {
                checkDeserted(work);
            }
        }
    }

    private void checkOpenWork(WatchedDelivery held) {
        SimGrant grant = held.grant;
        long latest = grant.othersFrom - grant.budgetNanos() + terms.slackNanos();
        if (world.now() <= latest || isExempt(grant)) {
            return;
        }
        if (held.isLeaseOver() && terms.plan().consumer().skipsLost()) {
            leaves(held);
        } else if (held.client().node().isRunning() && !isWakingUp(held)) {
            world.violate(
                    "P1",
                    "work on " + held + " is still subscribed; others may be given the message from "
                            + grant.othersFrom / 1_000 / 1e3 + " ms on");
        }
    }

    // A batch may go on without those that it lost, but not without any. Where its last one was given back from inside,
    // the margin is that of its lease, which may be longer than those of the others.
    private void checkDeserted(WatchedWork work) {
        WatchedDelivery any = work.all().get(0);
        long margin = work.all().stream()
                .mapToLong(held -> held.grant.budgetNanos())
                .max()
                .orElseThrow();
        long latest = work.desertedAt() + margin + terms.slackNanos();
        if (world.now() > latest && work.client().node().isRunning() && !isWakingUp(any)) {
            world.violate("P1", "work on " + work.all() + " is still subscribed although all leases are lost");
        }
    }

    private boolean isWakingUp(WatchedDelivery held) {
        long grace = held.grant.budgetNanos() + terms.slackNanos();
        return world.now() <= held.client().node().thawedAt() + terms.wakeNanos() + grace
                || world.now() <= held.client().node().sleptAt() + WATCHDOG_NANOS + grace;
    }

    // Nobody else can be given what has come to its end; and about what was purged nothing is promised.
    private static boolean isExempt(SimGrant grant) {
        return grant.message.endedAs != null && grant.isNewest() || grant.isTaken();
    }

    /**
     * A gate has let something through, which it does at once after it looked at the clock: also after a freeze, and
     * after a sleep of the machine.
     */
    private void requireHeld(WatchedDelivery held, long guardNanos, String promise, String what) {
        // A broker may end it with its connection before its client has noticed that.
        boolean unnoticed = held.grant.disconnected && held.loss() == null;
        if (isLate(held, guardNanos) && !isExempt(held.grant) && !unnoticed) {
            world.violate(promise, what + " for " + held + " although its lease had ended");
        }
    }

    private boolean isLate(WatchedDelivery held, long guardNanos) {
        SimGrant grant = held.grant;
        long error = held.client().node().agedErrorNanos();
        return world.now() > grant.othersFrom - grant.budgetNanos() - guardNanos + error;
    }

    /** Work is about to begin: a handler is called, or what was given to {@code settleBy} is subscribed. */
    void workBegins(WatchedDelivery held) {
        world.mark(held.grant.number);
        held.client().trace("work begins on", held);
        requireHeld(held, 0, "P1", "work began");
        if (held.loss() != null) {
            world.violate("P1", "work began for " + held + " after the loss: " + held.loss());
        }
        runs.checkStart(held);
        held.called();
    }

    void workSubscribed(WatchedWork work) {
        runs.checkRuns(work, open);
        for (WatchedDelivery held : work.helds()) {
            requireHeld(held, 0, "P1", "work was subscribed");
            held.open = work;
            held.joins(work.all());
        }
        open.add(work);
    }

    /** A pipeline sees a delivery. */
    void handedOver(WatchedDelivery held) {
        held.client().trace("hands over", held);
        requireHeld(held, 0, "P1", "a delivery was handed over");
    }

    /** {@code check()} has said that the lease is held. */
    void checked(WatchedDelivery held) {
        requireHeld(held, 0, "P1", "check() passed");
    }

    void workCancelled(WatchedWork work) {
        for (WatchedDelivery held : work.all()) {
            held.client().trace("work cancelled for", held);
        }
        closed(work);
        runs.checkCancel(work);
    }

    /** Work is about to end by itself. */
    void workEnding(WatchedWork work, Ending ending) {
        for (WatchedDelivery held : work.helds()) {
            held.client().trace(ending.name(), held);
            switch (ending) {
                case COMPLETES, SAYS_ACK -> held.say(SettleVerb.ACK);
                case SAYS_TERMINATE -> held.say(SettleVerb.TERMINATE);
                default -> {}
            }
        }
        closed(work);
    }

    private void closed(WatchedWork work) {
        open.remove(work);
        for (WatchedDelivery held : work.all()) {
            world.mark(-held.grant.number);
            held.open = held.open == work ? null : held.open;
            held.left = held.left == work ? null : held.left;
            held.somethingEnded();
            held.mayDecide();
        }
        if (!terms.plan().extras().keepsLeases()) {
            work.client().node().check(terms.slackNanos(), () -> settleRules.decided(work.all()));
        }
    }

    // The work goes on without it, if that is how its batch was set; nothing is promised about that any more.
    private void leaves(WatchedDelivery held) {
        WatchedWork work = held.open;
        if (work != null && terms.plan().consumer().skipsLost()) {
            work.leave(held);
            held.open = null;
            held.left = work;
        }
    }

    // ---- P2, P3: what is written

    /** A settlement is written. */
    void settles(WatchedDelivery held, SettleItem item) {
        SettleVerb verb = item.verb();
        held.client().trace("writes " + verb + " for", held);
        if (held.loss() != null) {
            world.violate("P2", verb + " was written for " + held + " after the loss: " + held.loss());
        }
        requireHeld(held, guardOf(verb, held.grant), "P2", verb + " was written");
        SimGrant grant = held.grant;
        if (grant.written != null && (grant.written != verb || verb == SettleVerb.NAK)) {
            world.violate("P3", verb + " was written for " + held + " after " + grant.written);
        }
        if (grant.writes++ == 0) {
            grant.written = verb;
            grant.writtenAt = world.now();
            held.hasTimeLeft();
        }
        runs.checkEarned(held, item);
        if (verb == SettleVerb.NAK) {
            leaves(held);
        }
    }

    // How much earlier than at its own deadline work that must be written: N, or what a nak may be under way.
    private long guardOf(SettleVerb verb, SimGrant grant) {
        if (terms.plan().fenced()) {
            return 0;
        }
        return verb == SettleVerb.NAK
                ? grant.core.leaseTime().nanos() / 4 - grant.budgetNanos()
                : terms.plan().guardNanos();
    }

    /** A touch is written. */
    void touches(WatchedDelivery held) {
        held.client().trace("touches", held);
        if (held.loss() != null) {
            world.violate("P2", "a touch was written for " + held + " after the loss: " + held.loss());
        }
        requireHeld(held, 0, "P2", "a touch was written");
        held.touched();
    }

    /** A client counts the confirmation of a touch. */
    void renewed(WatchedDelivery held) {
        if (!held.renew()) {
            world.violate("P1", held + " was renewed by a confirmation that came after its deadline");
        }
    }

    /** What a handler publishes as a part of its run is written. */
    void publishes(WatchedDelivery held) {
        held.client().trace("publishes under", held);
        requireHeld(held, 0, "P1", "a message of its handler was written");
    }

    // ---- P4: a newer delivery

    /** A delivery has come: an older run of its message must be cancelled soon. */
    void delivered(WatchedDelivery newer) {
        for (WatchedDelivery older : newer.client().helds()) {
            boolean same = older != newer && older.grant.message == newer.grant.message;
            WatchedWork work = older.open;
            if (same && work != null) {
                long limit = newer.grant.budgetNanos() + terms.slackNanos();
                newer.client().node().check(limit, () -> requireCancelled(older, work, newer));
            }
        }
    }

    // What a handler has settled itself is never lost: that it has left its batch shows by its newer delivery alone.
    private void requireCancelled(WatchedDelivery older, WatchedWork work, WatchedDelivery newer) {
        if (older.open != work || newer.grant.number < older.grant.number) {
            return;
        }
        if (older.grant.written != null && terms.plan().consumer().skipsLost()) {
            leaves(older);
        } else {
            world.violate("P4", "the run of " + older + " goes on although " + newer + " has come");
        }
    }

    // ---- how leases end

    /** A client says that it lost a lease. */
    void lost(WatchedDelivery held, LeaseLoss loss) {
        held.client().trace("lost (" + loss + ")", held);
        @Nullable String wrong = wrongWith(held, loss);
        if (wrong != null) {
            world.violate("P5", held + " was lost as " + loss + ", but " + wrong);
        }
        held.lost(loss);
        leaves(held);
    }

    private @Nullable String wrongWith(WatchedDelivery held, LeaseLoss loss) {
        SimGrant grant = held.grant;
        SimNode node = held.client().node();
        boolean early = node.agedNanos() + node.agedErrorNanos() < leastDeadline(held);
        return switch (loss) {
            case EXPIRED -> {
                if (early && grant.isNewest() && !grant.isTaken()) {
                    yield "its deadline had not come";
                }
                yield terms.plan().isCalm() && held.isRunning() ? "nothing kept its touches away" : null;
            }
            case SUPERSEDED -> grant.isNewest() ? "no newer delivery of it exists" : null;
            case SETTLED_ELSEWHERE -> grant.message.endedAs == null && !grant.isTaken() ? "nobody settled it" : null;
            case CLOSED -> held.client().isStopping() ? null : "its client was not closed";
            case GROUP_GONE -> grant.isOld() ? null : "its group is there";
            case CONNECTION_LOST ->
                terms.plan().extras().connectionLeases() ? null : "it does not belong to its connection";
            case MESSAGE_DELETED, REVOKED -> "nothing of the kind happened";
            case MAX_HOLD -> held.isHeldTooLong() || !held.isStarted() ? null : "it was not held for so long";
            case RUN_OUT -> null;
        };
    }

    private long leastDeadline(WatchedDelivery held) {
        long sure = (held.grant.core.leaseTime().nanos() - terms.crashNanos()) / 1_001 * 999;
        long tick = 10 * MS;
        return held.handout.anchorNanos()
                + sure
                - held.grant.budgetNanos()
                - terms.plan().guardNanos()
                - tick;
    }

    /** A client says how a settlement ended. */
    void settled(WatchedDelivery held, SettleVerb verb, SettleAnswer how) {
        held.client().trace("settled (" + verb + " " + how + ")", held);
        held.settled(how);
        SimGrant grant = held.grant;
        // Also where the broker did it in time: its answer is waited for up to the deadline, and work goes by the
        // answer.
        if (how == SettleAnswer.DONE && verb != SettleVerb.NAK && isLate(held, 0) && !grant.isTaken()) {
            world.violate("P1", verb + " of " + held + " was taken for done although its lease had ended");
        }
        if (how == SettleAnswer.UNKNOWN) {
            leaves(held);
        }
        // What got no answer is written again.
        // Until the deadline that it had when it was decided: touches that are confirmed later move it no more.
        long time = Math.min(world.now() - grant.writtenAt, held.timeLeftNanos())
                - terms.plan().guardNanos();
        boolean couldRepeat = time > TRIES_APART * 100 * MS
                && held.client().node().thawedAt() < grant.writtenAt
                && !held.client().isStopping();
        boolean canRepeat = !terms.plan().extras().connectionLeases();
        boolean once = canRepeat && how == SettleAnswer.UNKNOWN && verb != SettleVerb.NAK && grant.writes == 1;
        if (once && couldRepeat && couldBeWritten(held)) {
            world.violate("P7", verb + " for " + held + " was given up after one try");
        }
    }

    // What was written late has little time left until the deadline that it had when it was decided.
    private boolean couldBeWritten(WatchedDelivery held) {
        SimSession session = held.client().session();
        return terms.plan().extras().keepsLeases()
                ? session.connection() != null
                : !held.wasRefused && session.isOpenSince(held.grant.writtenAt);
    }

    // ---- what happened

    RunRules runs() {
        return runs;
    }

    /** Work that never ended is to end now. */
    void hurryAll() {
        for (WatchedWork work : List.copyOf(open)) {
            work.hurry();
        }
    }

    /** A crashed client's work is no more. */
    void crashed(SimClient client) {
        open.removeIf(work -> work.client() == client);
    }
}
