package io.leasehold.lease;

/** Tells what a keeper does with its leases. Called on hot paths: must be cheap and must not block. */
public interface LeaseReporter {
    /** A reporter that tells nobody. */
    LeaseReporter NONE = new LeaseReporter() {};

    /** A lease was opened. */
    default void opened(LeaseView lease) {}

    /** A lease was lost. */
    default void lost(LeaseView lease, LeaseLoss loss) {}

    /** A delivery came with too little time left to start; it is left to run out. */
    default void deadOnArrival(LeaseView lease) {}

    /** A settlement ended. */
    default void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {}

    /**
     * A settlement was refused because the lease had ended or something else was decided before; nothing was written.
     */
    default void stale(LeaseView lease, SettleVerb verb) {}

    /** A touch was written. */
    default void touched(LeaseView lease) {}

    /** A touch was confirmed; {@code inTime} is false when its answer came after the deadline or the end. */
    default void touchAnswered(LeaseView lease, boolean inTime) {}

    /** An answer came for a settlement that had ended already. */
    default void lateAnswer(LeaseView lease) {}

    /** A cancel had waited so long for a thread. */
    default void cancelDelayed(long nanos) {}

    /** The cancel executor has no thread left and its oldest task waits. */
    default void cancelStarved(int waiting) {}

    /** An unanswered nak made us end the connection. */
    default void aborted(LeaseView lease) {}

    /** The machine's clock had missed so much time. */
    default void clockMissed(long nanos) {}

    /** A fault of ours was caught; the loop it happened in goes on. */
    default void fault(Throwable fault) {}
}
