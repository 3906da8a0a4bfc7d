package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one client does with one delivery, as seen from outside: from its own handler and from what it writes. */
final class WatchedDelivery {
    final SimGrant grant;
    final SimHandout handout;
    final SimSubscription<?> consuming;
    /** The work that is subscribed now. */
    @Nullable
    WatchedWork open;
    /** The work of its batch that goes on without it. */
    @Nullable
    WatchedWork left;
    /** Those that are worked on together with it, and itself: their run ends when the children of all have ended. */
    private List<WatchedDelivery> mates = List.of(this);
    /** Children of the run that have not ended: tracked publishers, bound resources. */
    private int children;

    /** A settlement of it found no room. */
    boolean wasRefused;

    final Waiting waiting = new Waiting();
    /** When it came, in true time. */
    final long deliveredAt;
    /** How many outcomes there were of it. */
    int outcomes;

    private final Deeds deeds = new Deeds();
    private final Term term = new Term();

    /** Why it was not started yet, or never is. */
    static final class Waiting {
        /** An older run of its message was under way when it came. */
        boolean behind;
        /** A dead letter of its message is under way, perhaps without a run. */
        boolean isLettered;
        /** Its lease, as its client sees it. */
        @Nullable
        KeptLease lease;
    }

    /** What its client has heard about its lease. */
    private static final class Term {
        private long deadline;
        private long touchedAt;
        private long decidedDeadline = Long.MAX_VALUE;
        private long timeLeft;
        private @Nullable LeaseLoss loss;
        private @Nullable SettleAnswer answer;
        private long endedAt = Long.MIN_VALUE / 2;
    }

    /** What the handler has done so far. */
    private static final class Deeds {
        private int calls;
        private long firstCall;
        private int asked;
        private int said;
        private boolean published;
    }

    WatchedDelivery(SimSubscription<?> consuming, SimHandout handout) {
        this.consuming = consuming;
        this.handout = handout;
        this.grant = handout.grant();
        this.deliveredAt = consuming.client().world().now();
        this.term.deadline = deadlineFrom(handout.anchorNanos());
    }

    SimClient client() {
        return consuming.client();
    }

    /** The handler was called anew: what an earlier call said counts no more. */
    void called() {
        if (deeds.calls++ == 0) {
            deeds.firstCall = client().node().agedNanos();
        }
        deeds.said = 0;
    }

    /** Whether the handler was called. */
    boolean isStarted() {
        return deeds.calls > 0;
    }

    /** The handler asks its lease for this settlement. */
    void ask(SettleVerb verb) {
        mayDecide();
        deeds.asked |= 1 << verb.ordinal();
    }

    /** The handler's end means this settlement. */
    void say(SettleVerb verb) {
        deeds.said |= 1 << verb.ordinal();
    }

    boolean asks(SettleVerb verb) {
        return (deeds.asked & (1 << verb.ordinal())) != 0;
    }

    boolean allows(SettleVerb verb) {
        return ((deeds.asked | deeds.said) & (1 << verb.ordinal())) != 0;
    }

    /** Whether it was worked on for longer than a run may. */
    boolean isHeldTooLong() {
        return isStarted()
                && heldNanos() >= client().maxHoldNanos() - client().node().agedErrorNanos();
    }

    /** How long ago the handler was called first, on the node's clock. */
    long heldNanos() {
        return client().node().agedNanos() - deeds.firstCall;
    }

    /** Whether the dead letter of the message is kept. */
    boolean isDeadLettered() {
        return client().cluster().ledger().isDeadLettered(grant.message);
    }

    private long deadlineFrom(long anchor) {
        long crash = client().cluster().capabilities().crashAllowance().toNanos();
        return anchor + (grant.core.leaseTime().nanos() - crash) / 1_001 * 999 - grant.budgetNanos();
    }

    /** Its settlement is written now: so much time is left for more tries. */
    void hasTimeLeft() {
        term.timeLeft =
                Math.min(term.deadline, term.decidedDeadline) - client().node().agedNanos();
    }

    /** What becomes of it may be decided now, by its end or by what it asks for. */
    void mayDecide() {
        if (deeds.asked == 0) {
            term.decidedDeadline = term.deadline;
        }
    }

    long timeLeftNanos() {
        return term.timeLeft;
    }

    /** A touch is written now, or a little before. */
    void touched() {
        term.touchedAt = client().node().agedNanos();
    }

    /** A touch was confirmed in time, says its client: false when it cannot have been. */
    boolean renew() {
        SimNode node = client().node();
        boolean inTime = node.agedNanos() < term.deadline + node.agedErrorNanos();
        term.deadline = Math.max(term.deadline, deadlineFrom(term.touchedAt));
        return inTime;
    }

    void lost(LeaseLoss why) {
        term.loss = why;
        somethingEnded();
    }

    void settled(SettleAnswer how) {
        term.answer = how;
        somethingEnded();
    }

    /** A child of its run begins. */
    void childBegins() {
        children++;
    }

    void childEnds() {
        children--;
        somethingEnded();
    }

    /** Its work, a child of it or its lease has ended. */
    void somethingEnded() {
        for (WatchedDelivery mate : mates) {
            mate.term.endedAt = client().world().now();
        }
    }

    /** When something of it ended last, or was decided. */
    long endedAt() {
        return Math.max(term.endedAt, grant.written == null ? Long.MIN_VALUE : grant.writtenAt);
    }

    /** Whether its lease is over: lost, or its settlement has ended. */
    boolean isLeaseOver() {
        return term.loss != null || term.answer != null;
    }

    @Nullable
    LeaseLoss loss() {
        return term.loss;
    }

    /** Whether its client has decided what becomes of it: one that was not started is given back. */
    boolean isDecided() {
        KeptLease lease = waiting.lease;
        return lease != null && lease.state() != LeaseState.HELD;
    }

    /** Whether its client has decided on a settlement that is still to be written. */
    boolean isToBeWritten() {
        KeptLease lease = waiting.lease;
        return lease != null && lease.state() == LeaseState.SETTLING && !lease.isHeldBack();
    }

    /** Whether its client holds it until the delay of its nak is over, in the broker's place. */
    boolean isHeldBack() {
        KeptLease lease = waiting.lease;
        return lease != null && lease.isHeldBack();
    }

    /** Whether its client has decided on a settlement, written or not. */
    boolean isSettling() {
        KeptLease lease = waiting.lease;
        return lease != null && lease.decidedOrNull() != null;
    }

    /** Whether the run has started and not ended. */
    boolean isRunning() {
        return open != null || left != null || hasChildren();
    }

    /** Whether its client has a nak of it that the broker cannot delay, or may have had when the lease was lost. */
    boolean mayHaveBeenHeldBack() {
        boolean lost = loss() != null && grant.written == null;
        return isHeldBack() || client().plan().extras().holdsNaks() && lost;
    }

    /** It is worked on together with others from now on, and no longer with those of before. */
    void joins(List<WatchedDelivery> together) {
        for (WatchedDelivery mate : mates) {
            if (mate != this && !together.contains(mate)) {
                mate.mates = mate.mates.stream().filter(other -> other != this).toList();
            }
        }
        mates = together;
    }

    private boolean hasChildren() {
        for (int i = 0; i < mates.size(); i++) {
            if (mates.get(i).children > 0) {
                return true;
            }
        }
        return false;
    }

    /** Its handler publishes something. */
    void publishes() {
        deeds.published = true;
    }

    /** Whether its handler published something: that may go on after everything else. */
    boolean hasPublished() {
        for (WatchedDelivery mate : mates) {
            if (mate.deeds.published) {
                return true;
            }
        }
        return false;
    }

    /** Whether it must hold a slot: it was started, and its run or its lease is not over. */
    boolean holdsSlot() {
        return isStarted() && (isRunning() || !isLeaseOver() && !isHeldBack());
    }

    /** Whether both are of one key, and there are keys. */
    boolean isOfKeyOf(WatchedDelivery other) {
        @Nullable String key = handout.message().key().orElse(null);
        return key != null && key.equals(other.handout.message().key().orElse(null));
    }

    @Override
    public String toString() {
        return grant + " at " + client().name();
    }
}
