package io.leasehold.message;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * Says how much of a topic a broker keeps for groups that come later. The oldest go first. Values only, so that equal
 * ones are equal.
 *
 * <p>Where no bound is set, a broker keeps the topics as it does by itself: the embedded one 100,000 messages of 256
 * MiB at most; NATS as its streams are set to be, together with the other topics that have the same first token. It
 * leaves it at that when it keeps the topics already. A bound that is set holds for just these topics, or the request
 * is refused.
 */
@CheckReturnValue
public final class Retention {
    private static final Retention DEFAULTS = new Builder().build();

    private final long messagesMax;
    private final long bytesMax;
    private final boolean exact;

    private Retention(Builder values) {
        messagesMax = values.messagesMax;
        bytesMax = values.bytesMax;
        exact = values.exact;
    }

    /** Returns the defaults: as the broker keeps topics by itself. */
    public static Retention defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these bounds. */
    public Builder mutate() {
        Builder values = new Builder();
        values.messagesMax = messagesMax;
        values.bytesMax = bytesMax;
        values.exact = exact;

        return values;
    }

    /** Returns how many messages are kept at most. */
    public long messagesMax() {
        return messagesMax;
    }

    /** Returns how many bytes of bodies are kept at most. */
    public long bytesMax() {
        return bytesMax;
    }

    /**
     * Tells whether somebody has set a bound. If not, the bounds are those of a broker that would keep nothing
     * otherwise; one that keeps the topics already, or has bounds of its own for them, leaves it at that.
     */
    public boolean isExact() {
        return exact;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Retention that
                && messagesMax == that.messagesMax
                && bytesMax == that.bytesMax
                && exact == that.exact;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(messagesMax) + Long.hashCode(bytesMax)) + Boolean.hashCode(exact);
    }

    @Override
    public String toString() {
        return "Retention[messagesMax=" + messagesMax + ", bytesMax=" + bytesMax + ", exact=" + exact + "]";
    }

    /** Makes a retention; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private long messagesMax = 100_000;
        private long bytesMax = 256L << 20;
        private boolean exact;

        private Builder() {}

        /**
         * Sets how many messages are kept at most, for just these topics; default 100,000 where the other bound is set,
         * 1 or more.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder messagesMax(long messages) {
            messagesMax = Bounds.within("retention.messages-max", messages, 1, Long.MAX_VALUE);
            exact = true;
            return this;
        }

        /**
         * Sets how many bytes of bodies are kept at most, for just these topics; default 256 MiB where the other bound
         * is set, 1 or more.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder bytesMax(long bytes) {
            bytesMax = Bounds.within("retention.bytes-max", bytes, 1, Long.MAX_VALUE);
            exact = true;
            return this;
        }

        /** Makes the retention. */
        @CheckReturnValue
        public Retention build() {
            return new Retention(this);
        }
    }
}
