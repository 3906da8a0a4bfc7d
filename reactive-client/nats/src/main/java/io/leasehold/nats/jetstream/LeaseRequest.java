package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;

/**
 * What is asked about the lease of one delivery, at its reply subject. While its port is over nothing is written
 * and no answer counts. Silence is told to nobody: the lease asks again, or lets its deadline decide.
 */
abstract class LeaseRequest extends Request {
    /** Whose lease it is about. */
    abstract NatsHandout delivered();

    final PullPort port() {
        return delivered().port();
    }

    /** It is about to be written: whether it still may. */
    abstract boolean opens();

    /** The leader of the consumer has seen it. */
    abstract void seen();

    /** The lease is over, and why. */
    abstract void over(LeaseLoss loss);

    @Override
    protected final boolean isUrgent() {
        return true;
    }

    @Override
    protected final AckSubject subject() {
        return delivered().reply();
    }

    @Override
    protected final long limitNanos() {
        return port().requestNanos();
    }

    @Override
    protected final boolean tryWrite() {
        LeaseLoss loss = port().loss();
        if (loss != null) {
            over(loss);
        }
        return loss == null && opens();
    }

    @Override
    protected final void answered(MessageFrame answer) {
        LeaseLoss loss = port().loss();
        if (loss == null) {
            seen();
        } else {
            over(loss);
        }
    }

    // Whoever listens to ack subjects keeps a server from saying that the consumer is gone: silence may mean it.
    @Override
    protected void failed(MessagingException why) {
        port().suspect();
        LeaseLoss loss = port().loss();
        if (loss != null) {
            over(loss);
        }
    }

    @Override
    protected void refused(MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            over(LeaseLoss.CLOSED);
        }
    }
}
