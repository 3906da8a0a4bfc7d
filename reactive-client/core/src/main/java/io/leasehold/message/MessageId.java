package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * The id by which a broker recognises a message that it has stored already: 1 to {@value #MAX_LENGTH} printable ASCII
 * characters, with no blank at either end. It stays the same over all retries of a publish.
 *
 * <p><b>Scope.</b> An id names one message among all topics of a family, those with the same first token: {@code
 * order.created} and {@code order.paid} share their ids, {@code order.created} and {@code invoice.created} do not.
 * Topics that were declared with {@linkplain Retention bounds of their own} are a family of their own. The second
 * message of an id within the broker's duplicate window is not stored, whatever its topic and its body, and its receipt
 * is a {@linkplain PublishReceipt#duplicate() duplicate}. So let an id name the event, {@code 42-paid}, and not the
 * thing that it happened to, {@code 42}. On NATS the scope is the stream, which is the family where the client makes
 * the streams; one of your own that takes several families takes each id once.
 */
@CheckReturnValue
public final class MessageId implements Comparable<MessageId> {
    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 256;

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int DIGIT_BITS = 5;
    private static final int DIGITS_MAX = 13;

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
     * An id that is made of a text and a number, as {@link #numbered} makes it.
     *
     * @param stem an id by itself, of at most {@value #MAX_LENGTH} characters less 13
     * @param number more than 0; it is appended in digits of base 32
     * @throws MessagingException {@link ErrorCode#BAD_MESSAGE_ID}
     */
    public static MessageId of(String stem, long number) {
        return of(stem).numbered(number);
    }

    /**
     * This id followed by a number, without putting them together: where many are made, each is small, and what is the
     * same in all of them was checked once.
     *
     * @param suffix more than 0; it is appended in digits of base 32, at most 13 of them
     * @throws MessagingException {@link ErrorCode#BAD_MESSAGE_ID} when the number is 0 or less, or the whole too long
     */
    public MessageId numbered(long suffix) {
        String text = value();
        if (suffix <= 0 || text.length() > MAX_LENGTH - DIGITS_MAX) {
            throw bad(text.length() + DIGITS_MAX);
        }
        int digits = (Long.SIZE - Long.numberOfLeadingZeros(suffix) + DIGIT_BITS - 1) / DIGIT_BITS;
        return new MessageId(text, suffix, digits);
    }

    private static String required(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isPrintable(value) || hasBlankEnd(value)) {
            throw bad(value.length());
        }
        return value;
    }

    private static MessagingException bad(int length) {
        return new MessagingException(
                ErrorCode.BAD_MESSAGE_ID,
                "a message id is empty, too long, has a blank at an end, or a character that is not printable ASCII",
                "id of " + length + " characters",
                "use 1 to " + MAX_LENGTH + " printable ASCII characters, without a blank at either end");
    }

    // What reads a header skips blanks at its beginning, and some at its end: two ids would become one.
    private static boolean hasBlankEnd(String value) {
        return value.charAt(0) == ' ' || value.charAt(value.length() - 1) == ' ';
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
