package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;

/**
 * Where the messages of a subscription go. Called on the connection's own thread: never blocks and never calls user
 * code.
 */
public interface MessageHandler {
    /**
     * A message came.
     *
     * @param frame good until the call returns; the array in it is the receiver's own
     */
    void message(MessageFrame frame);

    /** The subscription does not exist, or not any more: not permitted, no room, closed. Nothing more will come. */
    void failed(MessagingException why);
}
