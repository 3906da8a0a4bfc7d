package io.leasehold.nats.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down the frames that it is given, each as one line of text. */
final class HeardFrames implements FrameSink {
    final List<String> lines = new ArrayList<>();
    /** The bodies of messages, as they were given to us to keep. */
    final List<byte[]> bodies = new ArrayList<>();

    @Override
    public void info(byte[] json) {
        lines.add("INFO " + text(json, 0, json.length));
    }

    @Override
    public void message(MessageFrame frame) {
        bodies.add(frame.body());
        lines.add("MSG " + frame.subject() + " " + frame.sid() + " [" + frame.reply() + "] "
                + HeaderBlock.status(frame) + HeaderBlock.headers(frame) + " "
                + text(frame.body(), 0, frame.body().length));
    }

    @Override
    public void ping() {
        lines.add("PING");
    }

    @Override
    public void pong() {
        lines.add("PONG");
    }

    @Override
    public void error(String text) {
        lines.add("-ERR " + text);
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
