package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Asks for deliveries, with the time for which the server keeps the request. ADR-37, and the pull API of JetStream. */
final class PullRequest extends PlainPublish {
    private final Pulls pulls;
    private final Pull pull;
    private final long number;
    private final Subject subject;
    private final byte[] body;

    PullRequest(Pulls pulls, Pull pull, long number, Subject subject, PullTiming rhythm) {
        this.pulls = pulls;
        this.pull = pull;
        this.number = number;
        this.subject = subject;
        this.body = ("{\"batch\":" + pull.open() + ",\"expires\":" + rhythm.expiresNanos() + ",\"idle_heartbeat\":"
                        + rhythm.heartbeatNanos() + ",\"max_bytes\":" + pulls.bytesMax() + "}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected int sizeBytes() {
        return FrameEncoder.publishBytes(subject, pull.inbox().bytes(), null, body);
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
    protected boolean isWanted() {
        return pull.isOut(number);
    }

    @Override
    protected boolean tryWrite() {
        return pulls.writes(pull, number);
    }

    @Override
    protected void encode(ByteBuf out) {
        FrameEncoder.publish(out, subject, pull.inbox().bytes(), null, body);
    }

    @Override
    protected void refused(MessagingException why) {
        pulls.broken(pull, why);
    }
}
