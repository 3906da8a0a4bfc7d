package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.MessageFrame;
import org.jspecify.annotations.Nullable;

/**
 * What the reply subject of a delivery tells, read from its bytes:
 *
 * <pre>
 *   v1, 9 tokens   $JS.ACK.stream.consumer.count.stream sequence.consumer sequence.time.pending
 *   v2, 11 or more $JS.ACK.domain.account.stream.consumer.count.stream sequence.consumer sequence.time.pending..
 * </pre>
 *
 * <p>See ADR-15 of the NATS architecture.
 *
 * @param count how often the message was handed out, this time included
 * @param message its sequence in the stream
 * @param delivery the number of this delivery in the consumer's life
 */
record AckSubject(int count, long message, long delivery) {
    private static final byte[] PREFIX = {'$', 'J', 'S', '.', 'A', 'C', 'K', '.'};
    private static final int TOKENS_V1 = 9;
    private static final int TOKENS_V2 = 11;
    private static final int COUNT_V1 = 4;
    private static final int COUNT_V2 = 6;
    private static final int DIGITS_MAX = 18;

    /** Which token of a subject with so many is the delivery count, from 0. */
    static int countAt(int tokens) {
        return tokens == TOKENS_V1 ? COUNT_V1 : COUNT_V2;
    }

    /** Reads the reply subject of a frame; null when it is none of this kind. */
    static @Nullable AckSubject of(MessageFrame frame) {
        return of(frame.head(), frame.replyStart(), frame.headerStart());
    }

    static @Nullable AckSubject of(byte[] bytes, int from, int to) {
        for (int i = 0; i < PREFIX.length; i++) {
            if (from + i >= to || bytes[from + i] != PREFIX[i]) {
                return null;
            }
        }
        int tokens = 1;
        int five = to;
        int seven = to;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '.') {
                tokens++;
                five = tokens == COUNT_V1 + 1 ? i + 1 : five;
                seven = tokens == COUNT_V2 + 1 ? i + 1 : seven;
            }
        }
        if (tokens != TOKENS_V1 && tokens < TOKENS_V2) {
            return null;
        }
        return numbers(bytes, tokens == TOKENS_V1 ? five : seven, to);
    }

    private static @Nullable AckSubject numbers(byte[] bytes, int countStart, int to) {
        long count = number(bytes, countStart, to);
        int second = afterDot(bytes, countStart, to);
        long message = number(bytes, second, to);
        long delivery = number(bytes, afterDot(bytes, second, to), to);
        return count < 1 || count > Integer.MAX_VALUE || message < 0 || delivery < 0
                ? null
                : new AckSubject((int) count, message, delivery);
    }

    private static int afterDot(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '.') {
            at++;
        }
        return Math.min(to, at + 1);
    }

    // Up to the next dot; -1 where there is no number.
    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        int at = from;
        while (at < to && bytes[at] != '.') {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || at - from >= DIGITS_MAX) {
                return -1;
            }
            number = number * 10 + digit;
            at++;
        }
        return at == from ? -1 : number;
    }
}
