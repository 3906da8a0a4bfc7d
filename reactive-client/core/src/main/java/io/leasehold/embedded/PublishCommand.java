package io.leasehold.embedded;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishRules;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.Optional;

/** Is one publish: waits for its turn, and perhaps for room. */
final class PublishCommand extends Command {
    private final EmbeddedSession session;
    private final PublishItem item;

    PublishCommand(EmbeddedSession session, PublishItem item) {
        this.session = session;
        this.item = item;
    }

    @Override
    void take() {
        if (session.isClosed()) {
            close();
        } else {
            session.core().publishes().take(this);
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
     * Requires that a broker may take it, and that this one can.
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

    /** Tells whether anybody still waits for its answer. */
    boolean isOpen() {
        return item.isOpen();
    }

    /** Asks its gate: false when the publish was taken back. */
    boolean tryWrite() {
        return item.tryWrite();
    }

    /** Returns the message under the id that it goes out with. */
    Message message() {
        Message message = item.message();
        Optional<MessageId> own = message.id();
        return own.isPresent() && own.get().equals(item.id()) ? message : message.id(item.id());
    }

    /** Returns the sequence under which the same session has stored the same item, or that it is unknown. */
    long repeats() {
        return session.repetitions().find(item);
    }

    /** Has the session remember under which sequence it is stored. */
    void remember(long sequence) {
        session.repetitions().add(item, sequence);
    }

    void confirm(long sequence, boolean duplicate) {
        try {
            item.confirmed(sequence, duplicate);
        } catch (Throwable fault) {
            session.core().fault(fault);
        }
    }

    void fail(ErrorCode code, String what, String remedy) {
        fail(new MessagingException(code, what, topic(), remedy));
    }

    void fail(MessagingException error) {
        try {
            item.failed(error);
        } catch (Throwable fault) {
            session.core().fault(fault);
        }
    }

    /** Fails it, since its session is closed. */
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
