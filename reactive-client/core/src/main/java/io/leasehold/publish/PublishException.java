package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Says that a publish ended without confirmation. The exception has no stack trace of its own, since it is made far
 * away from the code that published; its {@link #getCause() cause}, when there is one, is what the broker said.
 */
public final class PublishException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String topic;
    private final boolean unknown;

    private PublishException(
            ErrorCode code,
            String what,
            String remedy,
            Message message,
            MessageId id,
            boolean unknown,
            @Nullable Throwable cause) {
        super(code, what, subject(message, id), remedy, cause);
        this.id = id.value();
        this.topic = message.topic();
        this.unknown = unknown;
    }

    static PublishException of(Message message, MessageId id, ErrorCode code, boolean unknown) {
        return new PublishException(code, what(code) + doubt(unknown), remedy(code), message, id, unknown, null);
    }

    static PublishException of(Message message, MessageId id, MessagingException cause, boolean unknown) {
        return new PublishException(
                cause.code(), cause.what() + doubt(unknown), cause.remedy(), message, id, unknown, cause);
    }

    /** Makes the error of a publish that never came as far as the window: its body has no bytes. */
    static PublishException unencodable(Message message, MessageId id, MessagingException cause) {
        return of(message, id, cause, false);
    }

    private static String doubt(boolean unknown) {
        return unknown ? ", whether it has the message is unknown" : ", the message is not stored";
    }

    private static String what(ErrorCode code) {
        return switch (code) {
            case PUBLISH_TIMEOUT, UNKNOWN -> "the broker did not confirm in time";
            case WINDOW_FULL -> "too many publishes wait for the window";
            case KEY_HALTED -> "an earlier message of the key failed";
            case KEYS_HALTED -> "too many keys are halted";
            case LEASE_LOST -> "the lease that the publish is bound to is lost";
            case CLOSED -> "the client is closed";
            default -> "a stage refused the message";
        };
    }

    private static String remedy(ErrorCode code) {
        return switch (code) {
            case PUBLISH_TIMEOUT, UNKNOWN -> "publish it again under the same id, or look whether the broker is well";
            case WINDOW_FULL -> "publish less at once, use publishAll, or raise PublishSettings.window or .waiting";
            case KEY_HALTED -> "look after the one that failed, then resume the key";
            case KEYS_HALTED -> "resume some of them, or raise PublishSettings.haltedKeysMax";
            case LEASE_LOST -> "leave it to whoever is given the delivery next";
            case CLOSED -> "publish before closing, or with another client";
            default -> "see the stage for when to try again";
        };
    }

    private static String subject(Message message, MessageId id) {
        String key = message.key().map(k -> ", key '" + k + "'").orElse("");
        return "message " + id + " to " + message.topic() + key;
    }

    /** Returns the id that the message went out under, or would have. */
    public MessageId id() {
        return MessageId.of(id);
    }

    /** Returns the topic that the message was published to. */
    public String topic() {
        return topic;
    }

    /**
     * Tells whether the broker may have the message although it did not confirm it. Publishing it again under the same
     * id is safe within the broker's duplicate window. When false, the broker does not have it from this publish.
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
