package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.ConnectionState;
import java.nio.charset.StandardCharsets;

/**
 * Gives back a delivery that nobody has seen: it came when its pull was withdrawn. A server takes a nak from anybody,
 * so this one must not arrive when somebody else may hold the message: it is written early in the lease or not at all,
 * and without an answer the connection is given up, with what the kernel still holds of it.
 */
final class SurplusNak extends Request {
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final PortContext context;
    private final AckSubject reply;
    private final long anchorNanos;
    private long epoch;

    SurplusNak(PullPort port, PortContext context, AckSubject reply, long anchorNanos) {
        this.port = port;
        this.context = context;
        this.reply = reply;
        this.anchorNanos = anchorNanos;
    }

    @Override
    protected AckSubject subject() {
        return reply;
    }

    @Override
    protected byte[] body() {
        return NAK;
    }

    @Override
    protected long limitNanos() {
        return port.leaseNanos() / 4;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected boolean tryWrite() {
        epoch = context.connection().epoch();
        return context.sureNanos() - anchorNanos < port.leaseNanos() / 4;
    }

    @Override
    protected void answered(MessageFrame answer) {
        // Somebody else has it soon.
    }

    @Override
    protected void failed(MessagingException why) {
        boolean same = context.connection().state() == ConnectionState.UP
                && context.connection().epoch() == epoch;
        if (why.code() == ErrorCode.UNKNOWN && same) {
            port.abort();
        }
    }

    @Override
    protected void refused(MessagingException why) {
        // It runs out.
    }
}
