package io.leasehold.lease.keeper;

import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseGrant;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Settlement;

/** A grant of the scripted broker. */
record TestGrant(Settlement settlement, LeaseTime leaseTime, long anchorNanos, long touchByNanos)
        implements LeaseGrant {
    static final FencingToken TOKEN = new FencingToken(1, 7);

    TestGrant(Settlement settlement, LeaseTime leaseTime, long anchorNanos) {
        this(settlement, leaseTime, anchorNanos, Long.MAX_VALUE);
    }

    @Override
    public Object receipt() {
        return this;
    }

    @Override
    public FencingToken token() {
        return TOKEN;
    }

    @Override
    public int deliveryCount() {
        return 3;
    }
}
