package io.leasehold.nats.protocol;

/** Takes what a {@link FrameDecoder} has found: one call per frame, in the order of the bytes. */
public interface FrameSink {
    /**
     * {@code INFO}: the server tells about itself; it may come at any time.
     *
     * @param json the receiver's own
     */
    void info(byte[] json);

    /**
     * {@code MSG} or {@code HMSG}: a message for one of our subscriptions.
     *
     * @param frame good until the call returns; its body is the receiver's own, if it {@linkplain #keeps keeps}
     *     what comes for this subscription
     */
    void message(MessageFrame frame);

    /** Tells whether what comes for a subscription may be kept; if not, its array is used again. */
    default boolean keeps(int sid) {
        return true;
    }

    /** {@code PING}: the server wants a {@code PONG}. */
    void ping();

    /** {@code PONG}: everything that was written before the {@code PING} that it answers has been read. */
    void pong();

    /** {@code -ERR}: what the server complains of, without its quotes. Some of these end the connection. */
    void error(String text);
}
