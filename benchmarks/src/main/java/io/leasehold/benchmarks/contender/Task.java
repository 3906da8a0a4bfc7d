package io.leasehold.benchmarks.contender;

/**
 * What a side has to do.
 *
 * @param port where the server listens on this machine
 * @param stream the stream, which keeps {@code subject}
 * @param subject the one subject of all messages
 * @param consumer the consumer, where messages are there to be consumed
 * @param messages how many
 * @param bodyBytes how large
 * @param window how many may be unconfirmed
 * @param acked waits until the server has seen the acks of all messages
 */
public record Task(
        int port,
        String stream,
        String subject,
        String consumer,
        int messages,
        int bodyBytes,
        int window,
        Acked acked) {

    /** The end of consuming, as the server sees it. */
    @FunctionalInterface
    public interface Acked {
        /** Waits for it. */
        void await() throws Exception;
    }

    /** Where the server is. */
    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** A body. */
    public byte[] body() {
        byte[] body = new byte[bodyBytes];
        for (int i = 0; i < bodyBytes; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return body;
    }
}
