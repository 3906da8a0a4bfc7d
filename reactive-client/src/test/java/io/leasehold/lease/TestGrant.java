package io.leasehold.lease;

/** A grant of the scripted broker. */
record TestGrant(Settlement settlement, LeaseTime leaseTime, long anchorNanos) implements LeaseGrant {
    static final FencingToken TOKEN = new FencingToken(1, 7);

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
