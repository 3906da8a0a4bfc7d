package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A publish that ended without confirmation. It has no stack trace of its own, since it is made far away from the
 * code that published; its {@link #getCause() cause}, when there is one, is what the broker said.
 */
public final class PublishException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String topic;
    private final boolean unknown;

    private PublishException(
            Message message, MessageId id, Failure failure, boolean unknown, @Nullable Throwable cause) {
        super(failure.code(), failure.what(), subject(message, id), failure.remedy(), cause);
        this.id = id.value();
        this.topic = message.topic();
        this.unknown = unknown;
    }

    private static PublishException of(
            PendingPublish publish, Failure failure, boolean unknown, @Nullable MessagingException cause) {
        return new PublishException(publish.message(), publish.id(), failure, unknown, cause);
    }

    static PublishException of(PendingPublish publish, ErrorCode code, boolean unknown) {
        return of(publish, Failure.of(code, unknown), unknown, null);
    }

    static PublishException of(PendingPublish publish, MessagingException cause, boolean unknown) {
        return of(publish, Failure.of(cause, unknown), unknown, cause);
    }

    /** One that never came as far as the window: its body has no bytes. */
    static PublishException unencodable(Message message, MessageId id, MessagingException cause) {
        Failure failure = new Failure(cause.code(), cause.what() + ", the message is not stored", cause.remedy());
        return new PublishException(message, id, failure, false, cause);
    }

    private static String subject(Message message, MessageId id) {
        String key = message.key().map(k -> ", key '" + k + "'").orElse("");
        return "message " + id + " to " + message.topic() + key;
    }

    /** The id the message went out under, or would have. */
    public MessageId id() {
        return MessageId.of(id);
    }

    /** The topic it was published to. */
    public String topic() {
        return topic;
    }

    /**
     * Whether the broker may have the message although it did not confirm it. Publishing it again under the same id
     * is safe within the broker's duplicate window. When false, the broker does not have it from this publish.
     */
    public boolean isUnknown() {
        return unknown;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public Throwable fillInStackTrace() {
        return this;
    }
}
