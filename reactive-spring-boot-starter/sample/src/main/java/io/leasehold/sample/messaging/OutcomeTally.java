package io.leasehold.sample.messaging;

import io.leasehold.consume.Outcome;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.Tally;
import io.leasehold.spring.boot.listener.LeaseOutcomeObserver;

/** Counts what did not go straight: redeliveries, lost leases, dead letters. */
public final class OutcomeTally implements LeaseOutcomeObserver {

    private final Tally tally;

    /**
     * Counts.
     *
     * @param tally where to
     */
    public OutcomeTally(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void ended(String listener, Outcome outcome) {
        if (outcome.deliveryCount() > 1) {
            tally.count(DeskEvent.REDELIVERED);
        }
        if (outcome.kind() == Outcome.Kind.LOST) {
            tally.count(DeskEvent.LOST);
        }
        if (outcome.kind() == Outcome.Kind.DEAD_LETTERED) {
            tally.count(DeskEvent.DEAD_LETTERED);
        }
    }
}
