package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Is whoever opened a lease and works under it. Called on event loops and on the keeper's thread: must not block and
 * must not call user code.
 */
public interface LeaseOwner {
    /** Names the group that the lease is held for; empty when there is none. */
    default String group() {
        return "";
    }

    /** Gives the message that the lease is on, or null when that is none. */
    default @Nullable Message message() {
        return null;
    }

    /** Hears that the lease ended without our settling. Called once, by the winner of the transition. */
    void leaseLost(LeaseLoss loss);

    /** Hears that the settlement ended at its level, or stayed unanswered. Called once. */
    void leaseSettled(SettleVerb verb, SettleAnswer answer);

    /** Hears that a nak was written while the work went on, which must have stopped J later. */
    void nakWritten(long now);

    /** Hears that a nak was decided that the broker cannot delay: the lease is held until then. Called once. */
    default void nakHeldBack() {}

    /** Hears that the alarm has come that was set with {@link KeptLease#alarmAt}. */
    void alarm(long now);

    /** Hears that the work has held the lease, or gone on after settling it, for longer than {@code maxHold}. */
    void holdExceeded();

    /**
     * Lets work begin that the end of the run must wait for: a tracked publisher, a bound resource.
     *
     * @return false when there is no run, or it has ended
     */
    boolean childStarted();

    /** Hears that such work has ended. */
    void childEnded();
}
