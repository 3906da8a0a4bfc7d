package io.leasehold.publish;

import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;

/** Says what became of one message of {@link MessagePublisher#publishAll}. */
public sealed interface PublishResult {
    /** Returns the message as the source gave it: the same object, with its body as a value where it had one. */
    Message message();

    /** Returns the id that the message went out under. */
    MessageId id();

    /** Returns the topic that the message was published to. */
    default String topic() {
        return message().topic();
    }

    /** Tells whether the broker has the message. */
    boolean isConfirmed();

    /**
     * Says that the broker has the message.
     *
     * @param message the message as the source gave it
     * @param id the id under which it was published
     * @param sequence the broker's number of it, growing within a topic or stream; 0 where it tells none
     * @param duplicate whether the broker had a message of this id already, and kept only the first
     */
    record Confirmed(Message message, MessageId id, long sequence, boolean duplicate) implements PublishResult {
        /** Returns the broker's word, as a single publish has it. */
        public PublishReceipt receipt() {
            return new PublishReceipt(id, topic(), sequence, duplicate);
        }

        @Override
        public boolean isConfirmed() {
            return true;
        }
    }

    /**
     * Says that the message was refused, or that whether the broker has it is {@link PublishException#isUnknown()
     * unknown}.
     *
     * @param message the message as the source gave it
     * @param error why
     */
    record Failed(Message message, PublishException error) implements PublishResult {
        @Override
        public MessageId id() {
            return error.id();
        }

        @Override
        public boolean isConfirmed() {
            return false;
        }
    }
}
