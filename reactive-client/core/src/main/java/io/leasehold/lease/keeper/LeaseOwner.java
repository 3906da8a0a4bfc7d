package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Whoever opened a lease and works under it. Called on event loops and on the keeper's thread: must not block and
 * must not call user code.
 */
public interface LeaseOwner {
    /** For whom: the group. Empty when there is none. */
    default String group() {
        return "";
    }

    /** What it is on, or null when that is no message. */
    default @Nullable Message message() {
        return null;
    }

    /** The lease ended without our settling. Called once, by the winner of the transition. */
    void leaseLost(LeaseLoss loss);

    /** A settlement ended at its level, or stayed unanswered. Called once. */
    void leaseSettled(SettleVerb verb, SettleAnswer answer);

    /** A nak was written while the work went on: it must have stopped J later. */
    void nakWritten(long now);

    /** A nak was decided that the broker cannot delay: the lease is held until it is written. Called once. */
    default void nakHeldBack() {}

    /** The alarm that was set with {@link KeptLease#alarmAt} has come. */
    void alarm(long now);

    /** The work has held the lease, or gone on after settling it, for longer than {@code maxHold}. */
    void holdExceeded();

    /**
     * Work that the end of the run must wait for wants to begin: a tracked publisher, a bound resource.
     *
     * @return false when there is no run, or it has ended
     */
    boolean childStarted();

    /** Such work has ended. */
    void childEnded();
}
