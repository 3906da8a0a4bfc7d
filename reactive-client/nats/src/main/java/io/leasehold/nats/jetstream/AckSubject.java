package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.Destination;
import io.leasehold.nats.protocol.MessageFrame;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply subject of a delivery, and what it tells:
 *
 * <pre>
 *   tokens      front                                   rest
 *   v1 9        $JS.ACK.stream.consumer.                count.stream sequence.consumer sequence.time.pending
 *   v2 11 on    $JS.ACK.domain.account.stream.consumer. count.stream sequence.consumer sequence.time.pending..
 * </pre>
 *
 * <p>The front is the same for all of a consumer, and kept once. See ADR-15 of the NATS architecture.
 */
final class AckSubject implements Destination {
    private static final byte[] PREFIX = {'$', 'J', 'S', '.', 'A', 'C', 'K', '.'};
    private static final int TOKENS_V1 = 9;
    private static final int TOKENS_V2 = 11;
    private static final int COUNT_V1 = 4;
    private static final int COUNT_V2 = 6;
    private static final int DIGITS_MAX = 18;

    private final byte[] front;
    private final byte[] rest;
    private final int count;
    private final long message;
    private final long delivery;

    private AckSubject(byte[] front, byte[] rest) {
        this.front = front;
        this.rest = rest;
        int second = afterDot(rest, 0);
        long times = number(rest, 0);
        this.count = times > Integer.MAX_VALUE ? -1 : (int) times;
        this.message = number(rest, second);
        this.delivery = number(rest, afterDot(rest, second));
    }

    /**
     * Reads the reply subject of a frame; null when it is none of this kind.
     *
     * @param former one of the same consumer, or null
     */
    static @Nullable AckSubject of(MessageFrame frame, @Nullable AckSubject former) {
        return of(frame.head(), frame.replyStart(), frame.headerStart(), former);
    }

    /** Reads one that stands among other bytes. */
    static @Nullable AckSubject of(byte[] bytes, int from, int to, @Nullable AckSubject former) {
        int count = countStart(bytes, from, to);
        if (count < 0) {
            return null;
        }
        byte[] front = former != null && former.hasFront(bytes, from, count)
                ? former.front
                : Arrays.copyOfRange(bytes, from, count);
        AckSubject read = new AckSubject(front, Arrays.copyOfRange(bytes, count, to));

        return read.count < 1 || read.message < 0 || read.delivery < 0 ? null : read;
    }

    private boolean hasFront(byte[] bytes, int from, int to) {
        return Arrays.equals(bytes, from, to, front, 0, front.length);
    }

    // Where the delivery count begins; -1 when there is none.
    private static int countStart(byte[] bytes, int from, int to) {
        if (to - from < PREFIX.length || !Arrays.equals(bytes, from, from + PREFIX.length, PREFIX, 0, PREFIX.length)) {
            return -1;
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
        if (tokens == TOKENS_V1) {
            return five;
        }

        return tokens < TOKENS_V2 ? -1 : seven;
    }

    private static int afterDot(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '.') {
            at++;
        }
        return Math.min(bytes.length, at + 1);
    }

    // Up to the next dot; -1 where there is no number.
    private static long number(byte[] bytes, int from) {
        long number = 0;
        int at = from;
        while (at < bytes.length && bytes[at] != '.') {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || at - from >= DIGITS_MAX) {
                return -1;
            }
            number = number * 10 + digit;
            at++;
        }

        return at == from ? -1 : number;
    }

    /** Returns all before the delivery count, with the dot. */
    String front() {
        return new String(front, StandardCharsets.US_ASCII);
    }

    /** Returns how often the message was handed out, this time included. */
    int count() {
        return count;
    }

    /** Returns its sequence in the stream. */
    long message() {
        return message;
    }

    /** Returns the number of this delivery in the consumer's life. */
    long delivery() {
        return delivery;
    }

    /** Returns how many messages waited in the consumer when this one was handed out; -1 where that is not told. */
    long pending() {
        int at = afterDot(rest, afterDot(rest, afterDot(rest, afterDot(rest, 0))));
        return number(rest, at);
    }

    @Override
    public int length() {
        return front.length + rest.length;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeBytes(front).writeBytes(rest);
    }

    @Override
    public byte[] bytes() {
        byte[] whole = Arrays.copyOf(front, length());
        System.arraycopy(rest, 0, whole, front.length, rest.length);
        return whole;
    }

    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.US_ASCII);
    }
}
