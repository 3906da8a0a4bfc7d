package io.leasehold.embedded;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishRules;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.Optional;

/** One publish that waits for its turn, and perhaps for room. */
final class Publication extends Command {
    private final EmbeddedSession session;
    private final PublishItem item;

    Publication(EmbeddedSession session, PublishItem item) {
        this.session = session;
        this.item = item;
    }

    @Override
    void take() {
        if (session.isClosed()) {
            close();
        } else {
            session.exchange().intake().take(this);
        }
    }

    String topic() {
        return item.message().topic();
    }

    String id() {
        return item.id().value();
    }

    int sizeBytes() {
        return PublishRules.sizeBytes(item.message());
    }

    /**
     * Sees that a broker may take it, and that this one can.
     *
     * @throws MessagingException {@code BAD_HEADER}, {@code TOO_LARGE}, {@code UNSUPPORTED}
     */
    void requireFit() {
        PublishRules.require(item.message(), item.id());
        PublishRules.refuseConditions(item.message(), "the embedded broker");
    }

    boolean isOf(EmbeddedSession other) {
        return session == other;
    }

    /** Whether anybody still waits for its answer. */
    boolean isOpen() {
        return item.isOpen();
    }

    /** The gate: false when the publish was taken back. */
    boolean tryWrite() {
        return item.tryWrite();
    }

    /** The message under the id it goes out with. */
    Message message() {
        Message message = item.message();
        Optional<MessageId> own = message.id();
        return own.isPresent() && own.get().equals(item.id()) ? message : message.id(item.id());
    }

    void confirm(long sequence, boolean duplicate) {
        try {
            item.confirmed(sequence, duplicate);
        } catch (Throwable fault) {
            session.exchange().fault(fault);
        }
    }

    void fail(ErrorCode code, String what, String remedy) {
        fail(new MessagingException(code, what, topic(), remedy));
    }

    void fail(MessagingException error) {
        try {
            item.failed(error);
        } catch (Throwable fault) {
            session.exchange().fault(fault);
        }
    }

    /** Its session is closed. */
    void close() {
        if (item.isOpen()) {
            failClosed();
        }
    }

    private void failClosed() {
        fail(
                ErrorCode.CLOSED,
                "the session was closed before the message was stored",
                "publish through an open client");
    }
}
