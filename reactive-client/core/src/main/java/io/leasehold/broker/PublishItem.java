package io.leasehold.broker;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;

/** One message on its way to the broker. Implemented by the publisher's window, used by brokers. */
public interface PublishItem {
    /** The message. */
    Message message();

    /** The id it goes out under; the same over all retries. */
    MessageId id();

    /**
     * Whether the broker should know the id: it was given by whoever publishes, or the message may be written again.
     * If not, nothing could ever repeat it.
     */
    default boolean isRecognisable() {
        return true;
    }

    /**
     * The gate, to be asked right before the bytes are made: false when the publish was taken back meanwhile; the
     * item is then dropped without an answer. May be asked again for a repetition with the same id.
     */
    boolean tryWrite();

    /**
     * Whether its answer is still waited for. When not (out of time, taken back, closed), a broker that keeps the
     * item for an answer may forget it; an answer that comes nevertheless is only counted.
     */
    default boolean isOpen() {
        return true;
    }

    /**
     * The broker has it.
     *
     * @param sequence the broker's number of it, growing within a topic or stream; 0 where it tells none
     * @param duplicate whether it is recognised as one that the broker had before
     */
    void confirmed(long sequence, boolean duplicate);

    /** The broker refused it, or whether it has it is unknown ({@code UNKNOWN}, {@code DISCONNECTED}). */
    void failed(MessagingException error);
}
