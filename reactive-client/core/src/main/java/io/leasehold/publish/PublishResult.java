package io.leasehold.publish;

import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;

/** Says what became of one message of {@link MessagePublisher#publishAll}. */
public sealed interface PublishResult {
    /** Returns the id that the message went out under. */
    MessageId id();

    /** Returns the topic that the message was published to. */
    String topic();

    /** Tells whether the broker has the message. */
    boolean isConfirmed();

    /**
     * Says that the broker has the message.
     *
     * @param receipt the broker's word
     */
    record Confirmed(PublishReceipt receipt) implements PublishResult {
        @Override
        public MessageId id() {
            return receipt.id();
        }

        @Override
        public String topic() {
            return receipt.topic();
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
     * @param error why
     */
    record Failed(PublishException error) implements PublishResult {
        @Override
        public MessageId id() {
            return error.id();
        }

        @Override
        public String topic() {
            return error.topic();
        }

        @Override
        public boolean isConfirmed() {
            return false;
        }
    }
}
