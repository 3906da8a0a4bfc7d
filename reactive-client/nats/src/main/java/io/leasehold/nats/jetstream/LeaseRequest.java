package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks something about the lease of one delivery, at its reply subject. While its port is over nothing is written
 * and no answer counts. Silence is told to nobody: the lease asks again, or lets its deadline decide.
 */
abstract class LeaseRequest extends Request {
    private @Nullable PullPort port;
    private @Nullable NatsHandout handout;

    /** Begins to be about a delivery of a port. */
    final void isAbout(PullPort of, NatsHandout delivery) {
        port = of;
        handout = delivery;
    }

    /** Ends to be about any. */
    final void isAboutNothing() {
        port = null;
        handout = null;
    }

    final PullPort port() {
        return Objects.requireNonNull(port);
    }

    /** Returns the delivery whose lease it is about. */
    final NatsHandout handout() {
        return Objects.requireNonNull(handout);
    }

    /** Tells, right before it is written, whether it still may be. */
    abstract boolean opens();

    /** Ends it: the leader of the consumer has seen it. */
    abstract void seen();

    /** Ends it: the lease is over, and why. */
    abstract void over(LeaseLoss loss);

    @Override
    protected final boolean isUrgent() {
        return true;
    }

    @Override
    protected final AckSubject subject() {
        return handout().reply();
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
