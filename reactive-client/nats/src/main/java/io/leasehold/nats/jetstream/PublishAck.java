package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a stream answers to a publish: {@code {"stream":"S","seq":7[,"domain":"d"][,"duplicate":true]}}, read
 * without making anything. A name in it cannot hold a quote that is not escaped, so the keys are found as they are.
 */
final class PublishAck {
    /** No answer that tells of a stored message. */
    static final long NONE = 0;

    private static final byte[] ERROR = "\"error\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STREAM = "\"stream\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DUPLICATE = "\"duplicate\":".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_MAX = 18;

    private PublishAck() {}

    /** Reads the sequence in the stream; that of the first one, negated, when the id was known; or {@link #NONE}. */
    static long sequence(MessageFrame frame) {
        return sequence(frame.body());
    }

    /**
     * Returns the same for an answer that begins as another one did that told of a stored message.
     *
     * @param front how long that is, up to the sequence: {@link #front}; 0 when there is none
     */
    static long sequence(byte[] bytes, int front) {
        long number = 0;
        int at = front;
        while (at < bytes.length && at - front < DIGITS_MAX && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        boolean isAll = front > 0 && at > front && at == bytes.length - 1 && bytes[at] == '}';

        return isAll ? number : sequence(bytes);
    }

    private static long sequence(byte[] bytes) {
        int at = after(bytes, SEQUENCE);
        if (at < 0 || after(bytes, ERROR) >= 0) {
            return NONE;
        }
        long sequence = Math.max(NONE, number(bytes, at));
        int duplicate = after(bytes, DUPLICATE);
        return duplicate >= 0 && bytes[skipBlanks(bytes, duplicate)] == 't' ? -sequence : sequence;
    }

    /**
     * Returns the stream that answers; empty where none is told, or its name has a character that is written otherwise.
     */
    static String stream(byte[] bytes) {
        int from = after(bytes, STREAM);
        int start = from < 0 ? -1 : skipBlanks(bytes, from);
        if (start < 0 || bytes[start] != '"') {
            return "";
        }
        for (int at = start + 1; at < bytes.length; at++) {
            if (bytes[at] == '\\') {
                return "";
            }
            if (bytes[at] == '"') {
                return new String(bytes, start + 1, at - start - 1, StandardCharsets.UTF_8);
            }
        }

        return "";
    }

    /** Returns what all answers of a stream begin with; empty where they do not. */
    static byte[] front(byte[] bytes) {
        int end = after(bytes, SEQUENCE);
        return end < 0 ? new byte[0] : Arrays.copyOf(bytes, end);
    }

    private static int after(byte[] bytes, byte[] key) {
        for (int i = 0; i + key.length < bytes.length; i++) {
            int matched = 0;
            while (matched < key.length && bytes[i + matched] == key[matched]) {
                matched++;
            }
            if (matched == key.length) {
                return i + matched;
            }
        }
        return -1;
    }

    private static int skipBlanks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length - 1 && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    private static long number(byte[] bytes, int from) {
        int start = skipBlanks(bytes, from);
        long number = 0;
        for (int at = start; at < bytes.length && at - start < DIGITS_MAX; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return at == start ? -1 : number;
            }
            number = number * 10 + digit;
        }

        return -1;
    }
}
