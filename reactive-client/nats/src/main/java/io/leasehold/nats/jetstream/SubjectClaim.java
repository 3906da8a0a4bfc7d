package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The announcement of a redelivery for those who may not listen to ack subjects:
 *
 * <pre>
 *   subject  leasehold.claims.stream.consumer.stream sequence      body  the number of the delivery, in digits
 * </pre>
 */
final class SubjectClaim extends PlainPublish {
    static final String PREFIX = "leasehold.claims.";

    private static final int DIGITS_MAX = 18;

    private final PullPort port;
    private final NatsHandout delivered;
    private final Subject subject;
    private final byte[] body;

    SubjectClaim(PullPort port, NatsHandout delivered, ConsumerLife life) {
        this.port = port;
        this.delivered = delivered;
        this.subject = Subject.of(subjectOf(life) + "." + delivered.sequence());
        this.body = Long.toString(delivered.delivery()).getBytes(StandardCharsets.US_ASCII);
    }

    /** What the subjects of all claims of a group begin with. */
    static String subjectOf(ConsumerLife life) {
        return PREFIX + life.stream() + "." + life.consumer();
    }

    /** Tells a claim; what is none is passed over. */
    static void read(MessageFrame frame, AckSubjectListener.Claims claims) {
        byte[] head = frame.head();
        int token = frame.replyStart();
        while (token > 0 && head[token - 1] != '.') {
            token--;
        }
        long message = number(head, token, frame.replyStart());
        long delivery = number(frame.body(), 0, frame.body().length);
        if (message >= 0 && delivery >= 0) {
            claims.claimed(message, delivery);
        }
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || at - from >= DIGITS_MAX) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return from == to ? -1 : number;
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
        return port.loss() == null && port.isSurelyHeld(delivered, port.sureNanos());
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
