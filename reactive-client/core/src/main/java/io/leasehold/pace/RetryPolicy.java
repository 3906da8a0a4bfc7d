package io.leasehold.pace;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * How often and after what delays something is tried again.
 *
 * @param retries how many repetitions follow the first try, 0 to {@value #MAX_RETRIES}
 * @param backoff the delays between them
 */
@CheckReturnValue
public record RetryPolicy(int retries, Backoff backoff) {
    /** The most repetitions that can be asked for. */
    public static final int MAX_RETRIES = 1_000_000;

    private static final RetryPolicy NONE = new RetryPolicy(0, Backoff.fixed(Duration.ZERO));

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public RetryPolicy {
        if (retries < 0 || retries > MAX_RETRIES) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    retries + " is not in 0.." + MAX_RETRIES,
                    "retries",
                    "choose a value within the bounds");
        }
    }

    /** Never again. */
    public static RetryPolicy none() {
        return NONE;
    }

    /** {@code retries} repetitions with {@link Backoff#from growing delays}. */
    public static RetryPolicy backoff(int retries, Duration first) {
        return new RetryPolicy(retries, Backoff.from(first));
    }

    /** {@code retries} repetitions, always after the same delay. */
    public static RetryPolicy fixed(int retries, Duration delay) {
        return new RetryPolicy(retries, Backoff.fixed(delay));
    }
}
