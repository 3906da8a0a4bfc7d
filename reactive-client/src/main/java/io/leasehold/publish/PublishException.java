package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
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

    private PublishException(Publish publish, Failure failure, boolean unknown, @Nullable Throwable cause) {
        super(failure.code(), failure.what(), subject(publish), failure.remedy(), cause);
        this.id = publish.id().value();
        this.topic = publish.message().topic();
        this.unknown = unknown;
    }

    static PublishException of(Publish publish, ErrorCode code, boolean unknown) {
        return new PublishException(publish, Failure.of(code, unknown), unknown, null);
    }

    static PublishException of(Publish publish, MessagingException cause, boolean unknown) {
        return new PublishException(publish, Failure.of(cause, unknown), unknown, cause);
    }

    private static String subject(Publish publish) {
        String key = publish.message().key().map(k -> ", key '" + k + "'").orElse("");
        return "message " + publish.id() + " to " + publish.message().topic() + key;
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
