package io.leasehold.nats.protocol;

import io.leasehold.error.MessagingException;

/**
 * Bounds how much a server may make us hold.
 *
 * @param lineBytes the longest line, its end included: an {@code INFO} with its servers, or subjects; default 65,536,
 *     4,096 to 1,048,576
 * @param messageBytes headers and body of one message; default 67,108,864 (what a server can be set to at most), 1,024
 *     to 1,073,741,824
 */
public record DecoderLimits(int lineBytes, int messageBytes) {
    private static final int KIB = 1_024;
    private static final int MIB = 1_024 * KIB;
    private static final DecoderLimits DEFAULTS = new DecoderLimits(64 * KIB, 64 * MIB);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public DecoderLimits {
        if (lineBytes < 4 * KIB || lineBytes > MIB) {
            throw MessagingException.badSetting("nats.line-bytes", lineBytes, "in 4096..1048576");
        }
        if (messageBytes < KIB || messageBytes > KIB * MIB) {
            throw MessagingException.badSetting("nats.message-bytes", messageBytes, "in 1024..1073741824");
        }
    }

    /** Returns the defaults. */
    public static DecoderLimits defaults() {
        return DEFAULTS;
    }
}
