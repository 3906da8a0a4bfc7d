package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleVerb;
import java.time.Duration;

/** The state word and the instants of a lease, without anything around them. */
final class BareLease extends LeaseClock {
    BareLease() {
        super(LeaseTerms.of(LeaseTime.renewable(Duration.ofSeconds(30)), true, Duration.ZERO, Duration.ZERO), 0);
    }

    /** One that has come to a state by the steps of the drawing. */
    static BareLease in(LeaseState state) {
        BareLease lease = new BareLease();
        switch (state) {
            case HELD -> {}
            case LOST -> lease.lose(LeaseState.HELD, LeaseLoss.EXPIRED);
            case SETTLING -> lease.settle(SettleVerb.ACK);
            case WRITTEN, SETTLED, UNKNOWN -> {
                lease.settle(SettleVerb.ACK);
                lease.advance(LeaseState.SETTLING, LeaseState.WRITTEN);
                lease.advance(LeaseState.WRITTEN, state);
            }
        }
        return lease;
    }

    @Override
    long dueNanos() {
        return NEVER;
    }

    @Override
    void due(long now) {}

    @Override
    void keeperStopped() {}
}
