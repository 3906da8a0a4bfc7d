package io.leasehold.nats.jetstream;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishRules;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.nats.connection.Request;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes one publish from the window to the answer of its stream, and then another one. */
final class PublishRequest extends Request {
    private static final int TRIES_WITHOUT_STREAM = 2;

    private static final Subject NOWHERE = Subject.of("none");
    private static final byte[] NOTHING = {};

    private final StreamPublisher publisher;
    private @Nullable PublishItem carried;
    private Subject subject = NOWHERE;
    private byte @Nullable [] header;
    private byte[] body = NOTHING;
    private int tries;

    PublishRequest(StreamPublisher publisher) {
        this.publisher = publisher;
    }

    /**
     * Takes an item, when it has none.
     *
     * @throws MessagingException when its message cannot be sent
     */
    void reuse(PublishItem item) {
        Message message = item.message();
        subject = publisher.subjectOf(message.topic());
        body = message.bytes();
        header = header(message, item);
        tries = 0;
        carried = item;
    }

    // Null stands for a block of the id alone, which is written piece by piece.
    private static byte @Nullable [] header(Message message, PublishItem item) {
        if (WireMessage.isPlain(message)) {
            return item.isRecognisable() ? null : NOTHING;
        }
        PublishRules.require(message, item.id());
        return WireMessage.header(message, item.isRecognisable() ? item.id() : null);
    }

    private PublishItem item() {
        return Objects.requireNonNull(carried);
    }

    @Override
    protected Subject subject() {
        return subject;
    }

    @Override
    protected byte @Nullable [] header() {
        return header;
    }

    @Override
    protected int headerBytes() {
        return header == null ? WireMessage.plainBytes(item().id()) : header.length;
    }

    @Override
    protected void writeHeader(ByteBuf out) {
        if (header == null) {
            WireMessage.writePlain(item().id(), out);
        } else {
            out.writeBytes(header);
        }
    }

    @Override
    protected byte[] body() {
        return body;
    }

    @Override
    protected long limitNanos() {
        return publisher.requestNanos();
    }

    @Override
    protected boolean isWanted() {
        return item().isOpen();
    }

    @Override
    protected boolean tryWrite() {
        return item().tryWrite();
    }

    @Override
    protected void refused(MessagingException why) {
        item().failed(why);
    }

    @Override
    protected void answered(MessageFrame answer) {
        if (HeaderBlock.status(answer) != HeaderBlock.NO_STATUS) {
            item().failed(JetStreamErrors.answeredWithStatus(HeaderBlock.status(answer), subject.toString()));
            return;
        }

        byte[] told = answer.body();
        int front = publisher.sameFront(told);
        long sequence = PublishAck.sequence(told, front);
        if (sequence == PublishAck.NONE) {
            refuse(answer);
        } else {
            PublishItem item = item();
            carried = null;
            header = null;
            body = NOTHING;
            item.confirmed(Math.abs(sequence), sequence < 0);
            if (front == 0) {
                publisher.confirmedBy(told);
            }
            publisher.give(this);
        }
    }

    private void refuse(MessageFrame answer) {
        try {
            ApiResponse told = ApiResponse.of(answer);
            // Also what passes, such as the same id on its way: asked again, as when nobody listens.
            failed((MessagingException) told.error(subject.toString()));
        } catch (MessagingException unreadable) {
            // Whoever answered may have stored it or not.
            item().failed(JetStreamErrors.answeredByNoStream(subject.toString()));
        }
    }

    // Nobody listens: there is no stream, or it has no leader at the moment (ADR-22).
    @Override
    protected void failed(MessagingException why) {
        if (why.code() != ErrorCode.NO_RESPONDERS || !item().isOpen()) {
            if (why.code() == ErrorCode.UNKNOWN) {
                publisher.unanswered(subject.toString());
            }
            item().failed(why);
        } else if (tries++ < TRIES_WITHOUT_STREAM) {
            publisher.again(this);
        } else {
            publisher.whetherKept(
                    subject.toString(),
                    kept -> item().failed(kept ? why : JetStreamErrors.nobodyKeeps(subject.toString())));
        }
    }
}
