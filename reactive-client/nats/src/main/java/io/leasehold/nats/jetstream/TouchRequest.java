package io.leasehold.nats.jetstream;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.nio.charset.StandardCharsets;

/** A touch on its way: {@code +WPI}, whose answer means that the leader has begun the lease time anew. */
final class TouchRequest extends LeaseRequest {
    static final byte[] WORKING = "+WPI".getBytes(StandardCharsets.US_ASCII);

    private final NatsHandout delivered;
    private final TouchItem item;

    TouchRequest(NatsHandout delivered, TouchItem item) {
        this.delivered = delivered;
        this.item = item;
    }

    @Override
    NatsHandout delivered() {
        return delivered;
    }

    @Override
    protected byte[] body() {
        return WORKING;
    }

    @Override
    protected boolean isWanted() {
        return item.isOpen();
    }

    @Override
    boolean opens() {
        boolean held = item.tryWrite();
        if (held) {
            port().held(delivered);
        }
        return held;
    }

    @Override
    void seen() {
        item.confirmed(port().leaseNanos(delivered));
    }

    @Override
    void over(LeaseLoss loss) {
        item.refused(loss);
    }
}
