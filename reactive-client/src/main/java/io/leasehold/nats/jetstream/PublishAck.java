package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;

/**
 * What a stream answers to a publish: {@code {"stream":"S","seq":7[,"domain":"d"][,"duplicate":true]}}, read without
 * making anything. A name in it cannot hold a quote that is not escaped, so the keys are found as they are.
 */
final class PublishAck {
    /** No answer that tells of a stored message. */
    static final long NONE = 0;

    private static final byte[] ERROR = "\"error\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DUPLICATE = "\"duplicate\":".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_MAX = 18;

    private PublishAck() {}

    /** Reads the sequence in the stream; that of the first one, negated, when the id was known; or {@link #NONE}. */
    static long sequence(MessageFrame frame) {
        byte[] bytes = frame.body();
        int at = after(bytes, SEQUENCE);
        if (at < 0 || after(bytes, ERROR) >= 0) {
            return NONE;
        }
        long sequence = Math.max(NONE, number(bytes, at));
        int duplicate = after(bytes, DUPLICATE);
        return duplicate >= 0 && bytes[skipBlanks(bytes, duplicate)] == 't' ? -sequence : sequence;
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
