package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A publish without an answer. */
final class UnansweredPublish extends PlainPublish {
    final CompletableFuture<ErrorCode> refusal = new CompletableFuture<>();
    volatile boolean gate = true;
    volatile boolean encoded;
    private final Subject subject;
    private final byte[] body;

    UnansweredPublish(String subject, byte[] body) {
        this.subject = Subject.of(subject);
        this.body = body;
    }

    static UnansweredPublish of(String subject, String body) {
        return new UnansweredPublish(subject, body.getBytes(StandardCharsets.UTF_8));
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
    protected boolean tryWrite() {
        return gate;
    }

    @Override
    protected void encode(ByteBuf out) {
        encoded = true;
        FrameEncoder.publish(out, subject, null, null, body);
    }

    @Override
    protected void refused(MessagingException why) {
        refusal.complete(why.code());
    }
}
