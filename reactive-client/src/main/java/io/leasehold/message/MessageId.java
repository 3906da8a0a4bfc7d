package io.leasehold.message;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * The id by which a broker recognises a message that it has stored already: 1 to {@value #MAX_LENGTH} printable ASCII
 * characters. It stays the same over all retries of a publish.
 */
public final class MessageId implements Comparable<MessageId> {
    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 256;

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int DIGIT_BITS = 5;

    private final String stem;
    private final long number;
    private final int length;

    private MessageId(String stem, long number, int digits) {
        this.stem = stem;
        this.number = number;
        this.length = stem.length() + digits;
    }

    /**
     * An id of the given text.
     *
     * @throws MessagingException {@link ErrorCode#BAD_MESSAGE_ID}
     */
    public static MessageId of(String value) {
        return new MessageId(required(value), 0, 0);
    }

    /**
     * An id that is made of a text and a number, without putting them together: where many are made, each is small.
     *
     * @param stem at most {@value #MAX_LENGTH} characters less 13
     * @param number more than 0; it is appended in digits of base 32
     * @throws MessagingException {@link ErrorCode#BAD_MESSAGE_ID}
     */
    public static MessageId of(String stem, long number) {
        int digits = (Long.SIZE - Long.numberOfLeadingZeros(number) + DIGIT_BITS - 1) / DIGIT_BITS;
        return new MessageId(stem, number, digits);
    }

    private static String required(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isPrintable(value)) {
            throw new MessagingException(
                    ErrorCode.BAD_MESSAGE_ID,
                    "a message id is empty, too long, or holds a character that is not printable ASCII",
                    "id of " + value.length() + " characters",
                    "use 1 to " + MAX_LENGTH + " printable ASCII characters");
        }
        return value;
    }

    private static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 127) {
                return false;
            }
        }
        return true;
    }

    /** The id as a text. */
    public String value() {
        if (length == stem.length()) {
            return stem;
        }
        StringBuilder text = new StringBuilder(length).append(stem);
        for (int i = stem.length(); i < length; i++) {
            text.append(charAt(i));
        }
        return text.toString();
    }

    /** How many characters it has. */
    public int length() {
        return length;
    }

    /** A character of it, from 0: what is written byte by byte needs no text. */
    public char charAt(int index) {
        return index < stem.length()
                ? stem.charAt(index)
                : DIGITS.charAt((int) (number >>> (DIGIT_BITS * (length - 1 - index))) & (DIGITS.length() - 1));
    }

    @Override
    public int compareTo(MessageId other) {
        int common = Math.min(length, other.length);
        for (int i = 0; i < common; i++) {
            if (charAt(i) != other.charAt(i)) {
                return charAt(i) - other.charAt(i);
            }
        }
        return length - other.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageId that && length == that.length && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + charAt(i);
        }
        return hash;
    }

    @Override
    public String toString() {
        return value();
    }
}
