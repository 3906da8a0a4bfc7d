package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * Announces a redelivery to whoever may still work on the message: a touch with our name on it. The server reads the
 * touch and ignores the name.
 */
final class TouchClaim extends PlainPublish {
    private final NatsHandout handout;
    private final BooleanSupplier isHeld;
    private final byte[] header;

    /**
     * Makes a claim of a delivery.
     *
     * @param isHeld whether its lease still holds for sure
     * @param holder our name
     */
    TouchClaim(NatsHandout handout, BooleanSupplier isHeld, String holder) {
        this.handout = handout;
        this.isHeld = isHeld;
        this.header = ("NATS/1.0\r\nLeasehold-Holder: " + holder + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(handout.reply(), null, header, TouchRequest.WORKING);
    }

    @Override
    protected int payloadBytes() {
        return header.length + TouchRequest.WORKING.length;
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected boolean tryWrite() {
        return isHeld.getAsBoolean();
    }

    @Override
    protected void encode(ByteBuf out) {
        FrameEncoder.publish(out, handout.reply(), null, header, TouchRequest.WORKING);
    }

    @Override
    protected void refused(MessagingException why) {
        // The deadline of whoever works on it still guards.
    }
}
