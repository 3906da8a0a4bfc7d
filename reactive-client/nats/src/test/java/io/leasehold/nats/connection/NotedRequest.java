package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes how it ends. */
class NotedRequest extends Request {
    final List<String> ends = new CopyOnWriteArrayList<>();
    private final Subject subject;
    private final long limitNanos;
    String reply = "";

    NotedRequest(String subject, long limitNanos) {
        this.subject = Subject.of(subject);
        this.limitNanos = limitNanos;
    }

    @Override
    protected Subject subject() {
        return subject;
    }

    @Override
    protected byte[] body() {
        return new byte[0];
    }

    @Override
    protected long limitNanos() {
        return limitNanos;
    }

    @Override
    protected void refused(MessagingException why) {
        ends.add("refused " + why.code());
    }

    @Override
    protected void answered(MessageFrame answer) {
        ends.add(HeardMessages.body(answer));
    }

    @Override
    protected void failed(MessagingException why) {
        ends.add("failed " + why.code());
    }
}
