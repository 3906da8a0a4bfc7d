package io.leasehold.embedded;

import io.leasehold.broker.PublishItem;
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
        return item.message().sizeBytes();
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
        try {
            item.failed(new MessagingException(code, what, topic(), remedy));
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
