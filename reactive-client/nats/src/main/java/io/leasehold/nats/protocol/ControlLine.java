package io.leasehold.nats.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds the line that is being read, up to its line feed, over any split of the bytes; and its fields, which stand
 * between spaces and tabs.
 */
final class ControlLine {
    /** A number that is none, or is too large. */
    static final int NO_NUMBER = -1;

    private static final int FIELDS_MAX = 6;
    private static final int FIRST_BYTES = 512;
    private static final int DIGITS_MAX = 9;

    private final int limit;
    private final int[] starts = new int[FIELDS_MAX];
    private final int[] ends = new int[FIELDS_MAX];
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int fields;

    ControlLine(int limit) {
        this.limit = limit;
    }

    enum Progress {
        MORE,
        WHOLE,
        TOO_LONG
    }

    /** Reads up to the line feed, or all that is there. */
    Progress read(ByteBuf in) {
        int feed = in.forEachByte(ByteProcessor.FIND_LF);
        int take = (feed < 0 ? in.writerIndex() : feed + 1) - in.readerIndex();
        if (take > limit - length) {
            return Progress.TOO_LONG;
        }
        if (length + take > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(length + take, 2 * bytes.length)));
        }
        in.readBytes(bytes, length, take);
        length += take;

        return feed < 0 ? Progress.MORE : Progress.WHOLE;
    }

    void clear() {
        length = 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Tells whether the line ends as it must, with CR and LF. */
    boolean isTerminated() {
        return length >= 2 && bytes[length - 2] == '\r';
    }

    /** Tells whether the line begins with a word in any case, followed by a blank or its end. */
    boolean isVerb(byte[] upper) {
        int end = length - 2;
        if (end < upper.length) {
            return false;
        }
        for (int i = 0; i < upper.length; i++) {
            if (bytes[i] != upper[i] && upperCase(bytes[i]) != upper[i]) {
                return false;
            }
        }

        return end == upper.length || isBlank(bytes[upper.length]);
    }

    /** Returns the first byte of the line, in upper case. */
    int first() {
        return upperCase(bytes[0]);
    }

    private static int upperCase(byte letter) {
        return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || letter == '\t';
    }

    /**
     * Finds the fields after the verb; returns how many there are, one more than can be when there are too many, or
     * {@link #NO_NUMBER} when a control character stands in one: what is a name here is written as a name later.
     */
    int split(int from) {
        fields = 0;
        int at = from;
        int end = length - 2;
        while (at < end && fields < FIELDS_MAX) {
            while (at < end && isBlank(bytes[at])) {
                at++;
            }
            int start = at;
            while (at < end && (bytes[at] > ' ' || bytes[at] < 0)) {
                at++;
            }
            if (at < end && !isBlank(bytes[at])) {
                return NO_NUMBER;
            }
            if (at > start) {
                starts[fields] = start;
                ends[fields++] = at;
            }
        }

        return fields;
    }

    int fieldLength(int field) {
        return ends[field] - starts[field];
    }

    void copyField(int field, byte[] to, int at) {
        System.arraycopy(bytes, starts[field], to, at, fieldLength(field));
    }

    /** Returns a decimal number of at most nine digits, or {@link #NO_NUMBER}. */
    int number(int field) {
        int size = fieldLength(field);
        if (size == 0 || size > DIGITS_MAX) {
            return NO_NUMBER;
        }
        int value = 0;
        for (int i = starts[field]; i < ends[field]; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            value = value * 10 + digit;
        }

        return value;
    }

    /** Returns what follows the verb, without blanks around it. */
    byte[] rest(int from) {
        int start = from;
        int end = length - 2;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }

        return Arrays.copyOfRange(bytes, start, end);
    }

    /** Returns the line for an error: its beginning, printable. */
    String excerpt() {
        String text = new String(bytes, 0, Math.min(length, 64), StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", "?");
    }
}
