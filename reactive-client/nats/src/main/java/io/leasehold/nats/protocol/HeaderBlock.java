package io.leasehold.nats.protocol;

import io.leasehold.message.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the header block of a NATS message.
 *
 * <pre>
 *   NATS/1.0[ code[ text]] CRLF
 *   name:[ ]value CRLF          any number of times
 *   CRLF
 * </pre>
 *
 * <p>A block whose first line has a code is a status, mostly without a body. Names keep their case and are compared
 * without regard to it. A value is what follows the blank that our own writer puts behind the colon, to the last
 * character. What a block holds that is no line of this form is left out, and so is what comes after {@value
 * #LINES_MAX} headers: a message is not lost for it.
 */
public final class HeaderBlock {
    /** The status of a block that has none. */
    public static final int NO_STATUS = 0;

    /** The status of a block that does not begin as it must. */
    public static final int MALFORMED = -1;

    private static final int STATUS_TEXT_MAX = 256;
    private static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);
    /** So many headers of a block are read. */
    static final int LINES_MAX = Headers.PAIRS_MAX;

    private static final int CODE_DIGITS = 3;
    private static final int CASE = 'a' - 'A';

    private HeaderBlock() {}

    /** Returns the status code of a frame's header block: 100 to 999, {@link #NO_STATUS} or {@link #MALFORMED}. */
    public static int status(MessageFrame frame) {
        byte[] bytes = frame.head();
        int at = frame.headerStart() + VERSION.length;
        int end = frame.headEnd();
        if (!frame.hasHeaders()) {
            return NO_STATUS;
        }
        if (at > end || !startsWithVersion(bytes, frame.headerStart())) {
            return MALFORMED;
        }
        at = afterBlanks(bytes, at, end);
        if (at < end && bytes[at] == '\r') {
            return NO_STATUS;
        }

        return at + CODE_DIGITS <= end ? code(bytes, at) : MALFORMED;
    }

    private static boolean startsWithVersion(byte[] bytes, int from) {
        for (int i = 0; i < VERSION.length; i++) {
            if (bytes[from + i] != VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    private static int code(byte[] bytes, int from) {
        int code = 0;
        for (int i = from; i < from + CODE_DIGITS; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            code = code * 10 + digit;
        }

        return code >= 100 ? code : MALFORMED;
    }

    /** Returns what the first line says after the status code; of a long text its beginning. */
    public static String statusText(MessageFrame frame) {
        byte[] bytes = frame.head();
        int code = afterBlanks(bytes, frame.headerStart() + VERSION.length, frame.headEnd());
        int text = Math.min(frame.headEnd(), code + CODE_DIGITS);
        int most = Math.min(frame.headEnd(), text + STATUS_TEXT_MAX);
        int end = text;
        while (end < most && bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }

        return new String(bytes, text, end - text, StandardCharsets.UTF_8).strip();
    }

    private static int afterBlanks(byte[] bytes, int from, int end) {
        int at = Math.min(from, end);
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Returns the headers of a frame; none where there is no block. */
    public static Headers headers(MessageFrame frame) {
        if (!frame.hasHeaders()) {
            return Headers.none();
        }

        Headers.Builder headers = Headers.builder();
        byte[] bytes = frame.head();
        int end = frame.headEnd();
        int line = nextLine(bytes, frame.headerStart(), end);
        while (line < end && headers.size() < LINES_MAX) {
            int next = nextLine(bytes, line, end);
            addLine(headers, bytes, line, lineEnd(bytes, line, next));
            line = next;
        }

        return headers.build();
    }

    private static int lineEnd(byte[] bytes, int from, int next) {
        boolean terminated = next - from >= 2 && bytes[next - 1] == '\n' && bytes[next - 2] == '\r';
        return terminated ? next - 2 : next;
    }

    private static void addLine(Headers.Builder headers, byte[] bytes, int from, int end) {
        int colon = from;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        if (colon == from || colon == end) {
            return;
        }
        int value = colon + 1 < end && bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
        headers.addIfFit(text(bytes, from, colon), text(bytes, value, end));
    }

    private static String text(byte[] bytes, int from, int end) {
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** Returns the first value of a header, read from the bytes; null where there is none. */
    public static @Nullable String first(MessageFrame frame, byte[] name) {
        byte[] bytes = frame.head();
        int end = frame.headEnd();
        int line = nextLine(bytes, frame.headerStart(), end);
        while (line < end) {
            int next = nextLine(bytes, line, end);
            int colon = line + name.length;
            if (colon < next && bytes[colon] == ':' && isName(bytes, line, name)) {
                return new String(bytes, colon + 1, next - colon - 1, StandardCharsets.UTF_8).strip();
            }
            line = next;
        }

        return null;
    }

    /** Returns how many lines follow the first one, the empty one not counted. */
    public static int count(MessageFrame frame) {
        byte[] bytes = frame.head();
        int end = frame.headEnd();
        int lines = 0;
        for (int line = nextLine(bytes, frame.headerStart(), end); line < end; line = nextLine(bytes, line, end)) {
            lines += bytes[line] == '\r' ? 0 : 1;
        }
        return lines;
    }

    private static int nextLine(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && !(bytes[at] == '\n' && at > from && bytes[at - 1] == '\r')) {
            at++;
        }
        return Math.min(end, at + 1);
    }

    private static boolean isName(byte[] bytes, int from, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            int one = bytes[from + i];
            boolean same = one == name[i] || (Character.isLetter(one) && (one ^ name[i]) == CASE);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the block of some headers, to be written before a body. {@link Headers} has checked that none of them can
     * end its line.
     */
    public static byte[] of(Headers headers) {
        StringBuilder block = new StringBuilder("NATS/1.0\r\n");
        headers.forEach(
                (name, value) -> block.append(name).append(": ").append(value).append("\r\n"));
        return block.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
