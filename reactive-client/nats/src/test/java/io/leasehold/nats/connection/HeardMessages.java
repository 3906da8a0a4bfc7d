package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what a subscription is given. */
final class HeardMessages implements MessageHandler {
    private final BlockingQueue<String> lines = new LinkedTransferQueue<>();

    @Override
    public void message(MessageFrame frame) {
        lines.add(frame.subject() + " " + HeaderBlock.headers(frame) + " " + body(frame));
    }

    static String body(MessageFrame frame) {
        return new String(frame.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void failed(MessagingException why) {
        lines.add("failed " + why.code());
    }

    String next() throws InterruptedException {
        String line = lines.poll(10, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no message came");
        }
        return line;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }
}
