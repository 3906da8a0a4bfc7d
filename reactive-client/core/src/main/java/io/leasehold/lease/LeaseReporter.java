package io.leasehold.lease;

/** Tells what a keeper does with its leases. Called on hot paths: must be cheap and must not block. */
public interface LeaseReporter {
    /** Is a reporter that tells nobody. */
    LeaseReporter NONE = new LeaseReporter() {};

    /** Tells that a lease was opened. */
    default void opened(LeaseView lease) {}

    /** Tells that a lease was lost. */
    default void lost(LeaseView lease, LeaseLoss loss) {}

    /** Tells that a delivery came with too little time left to start; its lease is left to run out. */
    default void deadOnArrival(LeaseView lease) {}

    /** Tells that a settlement ended. */
    default void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {}

    /**
     * Tells that a settlement was refused because the lease had ended or something else was decided before; nothing was
     * written.
     */
    default void stale(LeaseView lease, SettleVerb verb) {}

    /** Tells that a touch is sent. */
    default void touched(LeaseView lease) {}

    /** Tells that a touch was confirmed; {@code inTime} is false when that came after the deadline or the end. */
    default void touchAnswered(LeaseView lease, boolean inTime) {}

    /** Tells that an answer came for a settlement that had ended already. */
    default void lateAnswer(LeaseView lease) {}

    /** Tells how long a cancel had waited for a thread, in nanoseconds. */
    default void cancelDelayed(long nanos) {}

    /** Tells that the cancel executor has no thread left, and how many tasks wait. */
    default void cancelStarved(int waiting) {}

    /** Tells that an unanswered nak made the client end the connection. */
    default void aborted(LeaseView lease) {}

    /** Tells how much time the machine's clock had missed, in nanoseconds. */
    default void clockMissed(long nanos) {}

    /** Tells that a fault of ours was caught; the loop in which it happened goes on. */
    default void fault(Throwable fault) {}
}
