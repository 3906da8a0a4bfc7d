package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.Verb;
import org.jspecify.annotations.Nullable;

/** What one client does with one delivery, as seen from outside: from its own handler and from what it writes. */
final class Held {
    final Grant grant;
    final SimHandout handout;
    final Consuming<?> consuming;
    /** The work that is subscribed now. */
    @Nullable
    Work open;
    /** Children of the run that have not ended: tracked publishers, bound resources. */
    int children;
    /** Its handler published something: that may go on after everything else. */
    boolean hasPublished;
    /** An older run of its message was under way when it came: it has to wait. */
    boolean behind;
    /** When it came, in true time. */
    final long deliveredAt;
    /** How many outcomes there were of it. */
    int outcomes;

    private final Deeds deeds = new Deeds();
    private @Nullable LeaseLoss loss;
    private @Nullable SettleAnswer answer;

    /** What the handler has done so far. */
    private static final class Deeds {
        private int calls;
        private long firstCall;
        private int asked;
        private int said;
    }

    Held(Consuming<?> consuming, SimHandout handout) {
        this.consuming = consuming;
        this.handout = handout;
        this.grant = handout.grant();
        this.deliveredAt = consuming.client().world().now();
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
    void ask(Verb verb) {
        deeds.asked |= 1 << verb.ordinal();
    }

    /** The handler's end means this settlement. */
    void say(Verb verb) {
        deeds.said |= 1 << verb.ordinal();
    }

    boolean asks(Verb verb) {
        return (deeds.asked & (1 << verb.ordinal())) != 0;
    }

    boolean allows(Verb verb) {
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

    void lost(LeaseLoss why) {
        loss = why;
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

    /** Whether the run has started and not ended. */
    boolean isRunning() {
        return open != null || children > 0;
    }

    /** Whether it must hold a slot: it was started, and its run or its lease is not over. */
    boolean holdsSlot() {
        return isStarted() && (isRunning() || !isLeaseOver());
    }

    /** Whether both are of one key, and there are keys. */
    boolean isOfKeyOf(Held other) {
        @Nullable String key = handout.message().key().orElse(null);
        return key != null && key.equals(other.handout.message().key().orElse(null));
    }

    @Override
    public String toString() {
        return grant + " at " + client().name();
    }
}
