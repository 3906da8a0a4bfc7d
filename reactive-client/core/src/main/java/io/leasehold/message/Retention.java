package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;

/**
 * How much of a topic a broker keeps for groups that come later. The oldest go first.
 *
 * @param messagesMax how many messages at most, 1 or more
 * @param bytesMax how many bytes at most, 1 or more
 * @param exact whether exactly these bounds are wanted, for these topics alone; if not, a broker that keeps the topics
 *     already, or has bounds of its own for them, leaves it at that
 */
@CheckReturnValue
public record Retention(long messagesMax, long bytesMax, boolean exact) {
    private static final Retention USUAL = new Retention(100_000, 256L << 20, false);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public Retention {
        require("retention.messages-max", messagesMax);
        require("retention.bytes-max", bytesMax);
    }

    /**
     * Exactly these bounds, for the declared topics alone.
     *
     * @param messagesMax how many messages at most, 1 or more
     * @param bytesMax how many bytes at most, 1 or more
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Retention of(long messagesMax, long bytesMax) {
        return new Retention(messagesMax, bytesMax, true);
    }

    /**
     * As the broker keeps topics by itself: the embedded one 100,000 messages of 256 MiB at most; NATS as its streams
     * are set to be, together with the other topics that have the same first token.
     */
    public static Retention usual() {
        return USUAL;
    }

    private static void require(String setting, long value) {
        if (value < 1) {
            throw MessagingException.badSetting(setting, value, "1 or more");
        }
    }
}
