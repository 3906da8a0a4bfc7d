package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.Verb;
import org.jspecify.annotations.Nullable;

/** What one client does with one delivery, as seen from outside: from its own handler and from what it writes. */
final class Held {
    final Grant grant;
    final SimClient client;
    final SimHandout handout;
    /** The work that is subscribed now. */
    @Nullable
    Work open;
    /** Children of the run that have not ended: tracked publishers, bound resources. */
    int children;
    /** How often the handler was called. */
    int calls;
    /** What the handler has done that allows a verb. */
    private long firstCall;

    private boolean childFailed;
    private int asked;
    private int said;

    private @Nullable LeaseLoss loss;
    private @Nullable SettleAnswer answer;

    Held(SimClient client, SimHandout handout) {
        this.client = client;
        this.handout = handout;
        this.grant = handout.grant();
    }

    /** The handler asks its lease for this settlement. */
    void ask(Verb verb) {
        asked |= 1 << verb.ordinal();
    }

    /** The handler's end means this settlement. */
    void say(Verb verb) {
        said |= 1 << verb.ordinal();
    }

    boolean asks(Verb verb) {
        return (asked & (1 << verb.ordinal())) != 0;
    }

    boolean allows(Verb verb) {
        return ((asked | said) & (1 << verb.ordinal())) != 0;
    }

    /** The handler was called anew: what an earlier call did counts no more. */
    void called() {
        if (calls++ == 0) {
            firstCall = client.node().nanos();
        }
        said = 0;
    }

    /** Something that the handler published as a part of its run has failed: so has the run. */
    void childFailed() {
        childFailed = true;
    }

    boolean hasFailedChild() {
        return childFailed;
    }

    /** Whether it was worked on for longer than a run may. */
    boolean isHeldTooLong() {
        return client.node().nanos() - firstCall >= client.maxHoldNanos();
    }

    /** Whether the dead letter of the message is kept. */
    boolean isDeadLettered() {
        return client.cluster().ledger().isDeadLettered(grant.message);
    }

    /** Whether it may be given up without a dead letter. */
    boolean mayBeGivenUp() {
        return !client.hasDeadLetters();
    }

    void lost(LeaseLoss why) {
        loss = why;
        grant.ended = true;
    }

    void settled(SettleAnswer how) {
        answer = how;
    }

    /** Whether its lease is over: lost, or its settlement has ended. */
    boolean isLeaseOver() {
        return loss != null || answer != null;
    }

    @Nullable
    LeaseLoss loss() {
        return loss;
    }

    @Nullable
    SettleAnswer answer() {
        return answer;
    }

    /** Whether the run has started and not ended. */
    boolean isRunning() {
        return open != null || children > 0;
    }

    /** Whether it must hold a slot: it was started, and its run or its lease is not over. */
    boolean holdsSlot() {
        return calls > 0 && (isRunning() || !isLeaseOver());
    }

    @Override
    public String toString() {
        return grant + " at " + client.name();
    }
}
