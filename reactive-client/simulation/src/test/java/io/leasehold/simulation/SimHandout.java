package io.leasehold.simulation;

import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Settlement;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/** A delivery as it reached a client: what the broker said, anchored at the client's pull. */
record SimHandout(SimGrant grant, Settlement settlement, long anchorNanos) implements Handout {
    @Override
    public long touchByNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public Object ref() {
        return grant.core.ref();
    }

    @Override
    public Message message() {
        return grant.core.message();
    }

    @Override
    public int releases() {
        return grant.core.releases();
    }

    @Override
    public Object receipt() {
        return grant;
    }

    @Override
    public LeaseTime leaseTime() {
        return grant.core.leaseTime();
    }

    @Override
    public @Nullable FencingToken token() {
        return grant.core.token();
    }

    @Override
    public int deliveryCount() {
        return grant.core.deliveryCount();
    }
}
