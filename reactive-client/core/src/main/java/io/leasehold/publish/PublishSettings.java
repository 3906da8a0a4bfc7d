package io.leasehold.publish;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.Bounds;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds the bounds and limits of publishing. Values only, so that equal settings are equal. */
@CheckReturnValue
public final class PublishSettings {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final PublishSettings DEFAULTS = new Builder().build();

    private final int window;
    private final int windowBytes;
    private final int waiting;
    private final Duration timeout;
    private final RetryPolicy retry;
    private final int haltedKeysMax;

    private PublishSettings(Builder values) {
        window = values.window;
        windowBytes = values.windowBytes;
        waiting = values.waiting;
        timeout = values.timeout;
        retry = values.retry;
        haltedKeysMax = values.haltedKeysMax;
    }

    /** Returns the defaults. */
    public static PublishSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.window = window;
        values.windowBytes = windowBytes;
        values.waiting = waiting;
        values.timeout = timeout;
        values.retry = retry;
        values.haltedKeysMax = haltedKeysMax;
        return values;
    }

    /** Returns how many messages of the client may be unconfirmed. */
    public int window() {
        return window;
    }

    /** Returns how many bytes the unconfirmed messages may have. */
    public int windowBytes() {
        return windowBytes;
    }

    /** Returns how many single publishes may wait for the window, their key or a stage. */
    public int waiting() {
        return waiting;
    }

    /** Returns how long a publish may take from subscribing to the answer. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns how often and after what delays a message is written again after an error that allows it. */
    public RetryPolicy retry() {
        return retry;
    }

    /** Returns how many keys may be halted before {@code KEYS_HALTED}. */
    public int haltedKeysMax() {
        return haltedKeysMax;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(window, windowBytes, waiting, timeout, retry, haltedKeysMax);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublishSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "PublishSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int window = 1024;
        private int windowBytes = 8 * 1024 * 1024;
        private int waiting = 10_000;
        private Duration timeout = Duration.ofSeconds(5);
        private RetryPolicy retry = RetryPolicy.defaults();
        private int haltedKeysMax = 10_000;

        private Builder() {}

        /**
         * Sets how many messages of the client may be unconfirmed; default 1024, 1 to 65,536.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder window(int messages) {
            window = Bounds.within("leasehold.publish.window", messages, 1, 65_536);
            return this;
        }

        /**
         * Sets how many bytes the unconfirmed messages may have, bodies, headers and topics, with a little more for
         * each; default 8 MiB, 1 KiB to 1 GiB. What does not fit waits as for a place in the window; a message that
         * is heavier than all of it goes alone. To be kept below what a connection to the broker lets wait (16 MiB
         * on NATS), which refuses more with {@code CONNECTION_FULL}.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder windowBytes(int bytes) {
            windowBytes = Bounds.within("leasehold.publish.window-bytes", bytes, 1024, 1 << 30);
            return this;
        }

        /**
         * Sets how many single publishes may wait for the window, their key or a stage before {@code WINDOW_FULL};
         * default 10,000, 0 to 1,000,000.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder waiting(int messages) {
            waiting = Bounds.within("leasehold.publish.waiting", messages, 0, 1_000_000);
            return this;
        }

        /**
         * Sets how long a publish may take from subscribing to the answer, all waiting and repetitions included;
         * default 5 s, 1 ms to 1 h.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder timeout(Duration limit) {
            timeout = Bounds.within("leasehold.publish.timeout", limit, SHORTEST, LONGEST);
            return this;
        }

        /**
         * Sets how often and after what delays a message is written again after an error that allows it, with the same
         * id and within the timeout; what the broker may have already only where it recognises what comes again;
         * default 5 repetitions from 100 ms, doubling. With none, those of a {@code Flux} that were given no id go out
         * without one, since nothing repeats them: brokers that keep ids are faster then.
         */
        public Builder retry(RetryPolicy policy) {
            retry = Objects.requireNonNull(policy, "leasehold.publish.retry");
            return this;
        }

        /**
         * Sets how many keys may be halted before {@code KEYS_HALTED}; default 10,000, 1 to 1,000,000.
         *
         * @throws MessagingException {@code BAD_SETTING}
         */
        public Builder haltedKeysMax(int keys) {
            haltedKeysMax = Bounds.within("leasehold.publish.halted-keys-max", keys, 1, 1_000_000);
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public PublishSettings build() {
            return new PublishSettings(this);
        }
    }
}
