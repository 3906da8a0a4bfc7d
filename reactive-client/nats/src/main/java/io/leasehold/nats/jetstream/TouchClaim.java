package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Announces a redelivery to whoever may still work on the message: a touch with our name on it. The server reads the
 * touch and ignores the name.
 */
final class TouchClaim extends PlainPublish {
    private static final byte[] WORKING = "+WPI".getBytes(StandardCharsets.US_ASCII);

    private final PullPort port;
    private final NatsHandout delivered;
    private final byte[] header;

    TouchClaim(PullPort port, NatsHandout delivered, String holder) {
        this.port = port;
        this.delivered = delivered;
        this.header = ("NATS/1.0\r\nLeasehold-Holder: " + holder + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(delivered.reply(), null, header, WORKING);
    }

    @Override
    protected int payloadBytes() {
        return header.length + WORKING.length;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected boolean tryWrite() {
        return port.loss() == null && port.isSurelyHeld(delivered, port.sureNanos());
    }

    @Override
    protected void encode(ByteBuf out) {
        FrameEncoder.publish(out, delivered.reply(), null, header, WORKING);
    }

    @Override
    protected void refused(MessagingException why) {
        // The deadline of whoever works on it still guards.
    }
}
