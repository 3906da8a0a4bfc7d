package io.leasehold.publish;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;

/**
 * Holds the bounds and limits of publishing, made by {@link #builder()} or {@link #mutate()}; values only, so that
 * equal settings are equal.
 *
 * @param window how many messages of the client may be unconfirmed; default 1024, 1 to 65,536
 * @param windowBytes how many bytes these may have, bodies, headers and topics, with a little more for each; default
 *     8 MiB, 1 KiB to 1 GiB. What does not fit waits as for a place in the window; a message that is heavier than all
 *     of it goes alone. To be kept below what a connection to the broker lets wait (16 MiB on NATS), which refuses
 *     more with {@code CONNECTION_FULL}
 * @param waiting how many single publishes may wait for the window, their key or a stage before {@code WINDOW_FULL};
 *     default 10,000, 0 to 1,000,000
 * @param timeout from subscribing to the answer, all waiting and repetitions included; default 5 s, 1 ms to 1 h
 * @param retry how often and after what delays a message is written again after an error that allows it, with the
 *     same id and within the timeout; what the broker may have already only where it recognises what comes again;
 *     default 5 repetitions from 100 ms, doubling. With none, those of a {@code Flux} that were given no id go out
 *     without one, since nothing repeats them: brokers that keep ids are faster then
 * @param haltedKeysMax how many keys may be halted before {@code KEYS_HALTED}; default 10,000, 1 to 1,000,000
 */
@CheckReturnValue
public record PublishSettings(
        int window, int windowBytes, int waiting, Duration timeout, RetryPolicy retry, int haltedKeysMax) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final PublishSettings DEFAULTS = new PublishSettings(
            1024,
            8 * 1024 * 1024,
            10_000,
            Duration.ofSeconds(5),
            RetryPolicy.backoff(5, Duration.ofMillis(100)),
            10_000);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public PublishSettings {
        requireWithin("publish.window", window, 1, 65_536);
        requireWithin("publish.window-bytes", windowBytes, 1024, 1 << 30);
        requireWithin("publish.waiting", waiting, 0, 1_000_000);
        requireWithin("publish.halted-keys-max", haltedKeysMax, 1, 1_000_000);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw bad("publish.timeout", timeout + " is not in " + SHORTEST + ".." + LONGEST);
        }
    }

    /** Returns the defaults. */
    public static PublishSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return DEFAULTS.mutate();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        return new Builder(this);
    }

    private static void requireWithin(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(setting, value + " is not in " + least + ".." + most);
        }
    }

    private static MessagingException bad(String setting, String problem) {
        return new MessagingException(ErrorCode.BAD_SETTING, problem, setting, "choose a value within the bounds");
    }

    /** Collects settings; bounds are checked by {@link #build()}. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private int window;
        private int windowBytes;
        private int waiting;
        private Duration timeout;
        private RetryPolicy retry;
        private int haltedKeysMax;

        private Builder(PublishSettings from) {
            window = from.window;
            windowBytes = from.windowBytes;
            waiting = from.waiting;
            timeout = from.timeout;
            retry = from.retry;
            haltedKeysMax = from.haltedKeysMax;
        }

        /** Sets how many messages of the client may be unconfirmed; default 1024, 1 to 65,536. */
        public Builder window(int messages) {
            window = messages;
            return this;
        }

        /**
         * Sets how many bytes the unconfirmed messages may have, bodies, headers and topics, with a little more for
         * each; default 8 MiB, 1 KiB to 1 GiB. See {@link PublishSettings#windowBytes()}.
         */
        public Builder windowBytes(int bytes) {
            windowBytes = bytes;
            return this;
        }

        /**
         * Sets how many single publishes may wait for the window, their key or a stage before {@code WINDOW_FULL};
         * default 10,000, 0 to 1,000,000.
         */
        public Builder waiting(int messages) {
            waiting = messages;
            return this;
        }

        /**
         * Sets how long a publish may take from subscribing to the answer, all waiting and repetitions included;
         * default 5 s, 1 ms to 1 h.
         */
        public Builder timeout(Duration limit) {
            timeout = limit;
            return this;
        }

        /**
         * Sets how often and after what delays a message is written again after an error that allows it; default 5
         * repetitions from 100 ms, doubling. See {@link PublishSettings#retry()}.
         */
        public Builder retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }

        /** Sets how many keys may be halted before {@code KEYS_HALTED}; default 10,000, 1 to 1,000,000. */
        public Builder haltedKeysMax(int keys) {
            haltedKeysMax = keys;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming setting, value and bound
         */
        @CheckReturnValue
        public PublishSettings build() {
            return new PublishSettings(window, windowBytes, waiting, timeout, retry, haltedKeysMax);
        }
    }
}
