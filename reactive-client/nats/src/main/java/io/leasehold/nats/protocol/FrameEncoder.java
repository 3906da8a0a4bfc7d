package io.leasehold.nats.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a client says. Subjects, queue names and header blocks must have been checked where they were made: here
 * they are bytes.
 *
 * <pre>
 *   PUB  subject [reply] total         CRLF  body                CRLF
 *   HPUB subject [reply] header total  CRLF  header block, body  CRLF
 *   SUB  subject [queue] sid  |  UNSUB sid [max]  |  CONNECT {json}  |  PING  |  PONG      CRLF
 * </pre>
 */
public final class FrameEncoder {
    private static final byte[] PUB = ascii("PUB ");
    private static final byte[] HPUB = ascii("HPUB ");
    private static final byte[] SUB = ascii("SUB ");
    private static final byte[] UNSUB = ascii("UNSUB ");
    private static final byte[] CONNECT = ascii("CONNECT ");
    private static final byte[] PING = ascii("PING\r\n");
    private static final byte[] PONG = ascii("PONG\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    // A verb, its blanks and two numbers, with room to spare.
    private static final int OVERHEAD = 48;

    private FrameEncoder() {}

    /** Returns a name as it is written. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Counts the bytes that are written at most for a publish with these parts. */
    public static int publishBytes(
            Destination subject, byte @Nullable [] reply, byte @Nullable [] header, byte[] body) {
        return publishBytes(subject, reply, length(header) + body.length);
    }

    /** Returns the same for so many bytes of headers and body. */
    public static int publishBytes(Destination subject, byte @Nullable [] reply, int payloadBytes) {
        return OVERHEAD + subject.length() + length(reply) + payloadBytes;
    }

    private static int length(byte @Nullable [] part) {
        return part == null ? 0 : part.length;
    }

    /** Writes {@code PUB}, or {@code HPUB} where there is a header block. */
    public static void publish(
            ByteBuf out, Destination subject, byte @Nullable [] reply, byte @Nullable [] header, byte[] body) {
        begin(out, subject, reply, length(header), body.length);
        if (header != null) {
            out.writeBytes(header);
        }
        out.writeBytes(body);
        end(out);
    }

    /**
     * Writes the beginning of a {@code PUB}, or of an {@code HPUB} where there is a header block: the block, the body
     * and {@link #end} are to follow, with exactly so many bytes.
     */
    public static void begin(
            ByteBuf out, Destination subject, byte @Nullable [] reply, int headerBytes, int bodyBytes) {
        out.writeBytes(headerBytes == 0 ? PUB : HPUB);
        subject.writeTo(out);
        out.writeByte(' ');
        if (reply != null) {
            out.writeBytes(reply).writeByte(' ');
        }
        if (headerBytes > 0) {
            writeNumber(out, headerBytes);
            out.writeByte(' ');
        }
        writeNumber(out, headerBytes + bodyBytes);
        out.writeBytes(CRLF);
    }

    /** Writes what follows a body. */
    public static void end(ByteBuf out) {
        out.writeBytes(CRLF);
    }

    /** Writes {@code SUB}. */
    public static void subscribe(ByteBuf out, Subject subject, @Nullable Subject queue, int sid) {
        out.writeBytes(SUB);
        subject.writeTo(out);
        out.writeByte(' ');
        if (queue != null) {
            queue.writeTo(out);
            out.writeByte(' ');
        }
        writeNumber(out, sid);
        out.writeBytes(CRLF);
    }

    /** Writes {@code UNSUB}: at once, or, with a count above 0, after so many messages since the {@code SUB}. */
    public static void unsubscribe(ByteBuf out, int sid, int after) {
        out.writeBytes(UNSUB);
        writeNumber(out, sid);
        if (after > 0) {
            out.writeByte(' ');
            writeNumber(out, after);
        }
        out.writeBytes(CRLF);
    }

    /** Writes {@code CONNECT}. */
    public static void connect(ByteBuf out, byte[] json) {
        out.writeBytes(CONNECT).writeBytes(json).writeBytes(CRLF);
    }

    /** Writes {@code PING}. */
    public static void ping(ByteBuf out) {
        out.writeBytes(PING);
    }

    /** Writes {@code PONG}. */
    public static void pong(ByteBuf out) {
        out.writeBytes(PONG);
    }

    // Digits by division: a String for each number would be the only thing that is allocated.
    private static void writeNumber(ByteBuf out, int number) {
        int divisor = 1;
        while (number / divisor >= 10) {
            divisor *= 10;
        }
        for (int rest = number; divisor > 0; divisor /= 10) {
            out.writeByte('0' + rest / divisor);
            rest %= divisor;
        }
    }
}
