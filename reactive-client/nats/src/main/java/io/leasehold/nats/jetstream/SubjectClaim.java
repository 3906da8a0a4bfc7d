package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * Announces a redelivery to those who may not listen to ack subjects:
 *
 * <pre>
 *   subject  leasehold.claims.stream.consumer.stream sequence      body  the number of the delivery, in digits
 * </pre>
 */
final class SubjectClaim extends PlainPublish {
    static final String PREFIX = "leasehold.claims.";

    private final BooleanSupplier isHeld;
    private final Subject subject;
    private final byte[] body;

    /**
     * Makes a claim of a delivery.
     *
     * @param isHeld whether its lease still holds for sure
     */
    SubjectClaim(NatsHandout handout, BooleanSupplier isHeld, ConsumerLife life) {
        this.isHeld = isHeld;
        this.subject = Subject.of(subjectOf(life) + "." + handout.sequence());
        this.body = Long.toString(handout.delivery()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns what the subjects of all claims of a group begin with. */
    static String subjectOf(ConsumerLife life) {
        return PREFIX + life.stream() + "." + life.consumer();
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(subject, null, null, body);
    }

    @Override
    protected int payloadBytes() {
        return body.length;
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
        FrameEncoder.publish(out, subject, null, null, body);
    }

    @Override
    protected void refused(MessagingException why) {
        // The deadline of whoever works on it still guards.
    }
}
