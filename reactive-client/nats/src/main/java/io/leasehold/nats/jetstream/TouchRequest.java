package io.leasehold.nats.jetstream;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.nio.charset.StandardCharsets;

/** Touches a lease: {@code +WPI}, whose answer means that the leader has begun the lease time anew. */
final class TouchRequest extends LeaseRequest {
    static final byte[] WORKING = "+WPI".getBytes(StandardCharsets.US_ASCII);

    private final TouchItem item;

    TouchRequest(PullPort port, NatsHandout handout, TouchItem item) {
        isAbout(port, handout);
        this.item = item;
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
            port().held(handout());
        }
        return held;
    }

    @Override
    void seen() {
        item.confirmed(port().leaseNanos(handout()));
    }

    @Override
    void over(LeaseLoss loss) {
        item.refused(loss);
    }
}
