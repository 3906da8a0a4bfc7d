package io.leasehold.publish;

import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;

/** What became of one message of {@link MessagePublisher#publishAll}. */
public sealed interface PublishResult {
    /** The id the message went out under. */
    MessageId id();

    /** The topic it was published to. */
    String topic();

    /** Whether the broker has it. */
    boolean isConfirmed();

    /**
     * The broker has it.
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
     * It was refused, or whether the broker has it is {@link PublishException#isUnknown() unknown}.
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
