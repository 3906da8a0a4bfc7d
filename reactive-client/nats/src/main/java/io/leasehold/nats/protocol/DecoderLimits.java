package io.leasehold.nats.protocol;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bounds how much a server may make us hold. Values only, so that equal ones are equal. */
@CheckReturnValue
public final class DecoderLimits {
    private static final int KIB = 1_024;
    private static final int MIB = 1_024 * KIB;

    private static final DecoderLimits DEFAULTS = new Builder().build();

    private final int lineBytes;
    private final int messageBytes;

    private DecoderLimits(Builder values) {
        lineBytes = values.lineBytes;
        messageBytes = values.messageBytes;
    }

    /** Returns the defaults. */
    public static DecoderLimits defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these limits. */
    public Builder mutate() {
        Builder values = new Builder();
        values.lineBytes = lineBytes;
        values.messageBytes = messageBytes;

        return values;
    }

    /** Returns how long a line may be, its end included. */
    public int lineBytes() {
        return lineBytes;
    }

    /** Returns how many bytes headers and body of one message may have. */
    public int messageBytes() {
        return messageBytes;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(lineBytes, messageBytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecoderLimits that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "DecoderLimits" + values();
    }

    /** Makes limits; each is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int lineBytes = 64 * KIB;
        private int messageBytes = 64 * MIB;

        private Builder() {}

        /**
         * Sets how long a line may be, its end included: an {@code INFO} with its servers, or subjects; default 65,536,
         * 4,096 to 1,048,576.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder lineBytes(int bytes) {
            lineBytes = Bounds.within("nats.line-bytes", bytes, 4 * KIB, MIB);
            return this;
        }

        /**
         * Sets how many bytes headers and body of one message may have; default 67,108,864 (what a server can be set to
         * at most), 1,024 to 1,073,741,824.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder messageBytes(int bytes) {
            messageBytes = Bounds.within("nats.message-bytes", bytes, KIB, KIB * MIB);
            return this;
        }

        /** Makes the limits. */
        @CheckReturnValue
        public DecoderLimits build() {
            return new DecoderLimits(this);
        }
    }
}
