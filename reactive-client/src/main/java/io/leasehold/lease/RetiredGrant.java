package io.leasehold.lease;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is left of a grant when its lease is over: no body, no way back. */
record RetiredGrant(@Nullable FencingToken token, int deliveryCount) implements LeaseGrant {
    private static final Object NO_RECEIPT = new Object();
    private static final Settlement NOWHERE = new Settlement() {
        @Override
        public void settle(List<? extends SettleItem> items) {}

        @Override
        public void touch(List<? extends TouchItem> items) {}

        @Override
        public void abort() {}
    };

    static LeaseGrant of(LeaseGrant grant) {
        return new RetiredGrant(grant.token(), grant.deliveryCount());
    }

    @Override
    public Settlement settlement() {
        return NOWHERE;
    }

    @Override
    public Object receipt() {
        return NO_RECEIPT;
    }

    @Override
    public LeaseTime leaseTime() {
        return LeaseTime.INFINITE;
    }

    @Override
    public long anchorNanos() {
        return 0;
    }

    @Override
    public long touchByNanos() {
        return Long.MAX_VALUE;
    }
}
