package io.leasehold.message;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/**
 * The id by which a broker recognises a message that it has stored already. It stays the same over all retries of a
 * publish.
 *
 * @param value 1 to {@value #MAX_LENGTH} printable ASCII characters
 */
public record MessageId(String value) implements Comparable<MessageId> {
    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 256;

    /**
     * Checks the text.
     *
     * @throws MessagingException {@link ErrorCode#BAD_MESSAGE_ID}
     */
    public MessageId {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isPrintable(value)) {
            throw new MessagingException(
                    ErrorCode.BAD_MESSAGE_ID,
                    "a message id is empty, too long, or holds a character that is not printable ASCII",
                    "id of " + value.length() + " characters",
                    "use 1 to " + MAX_LENGTH + " printable ASCII characters");
        }
    }

    /** An id of the given text. */
    public static MessageId of(String value) {
        return new MessageId(value);
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

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
