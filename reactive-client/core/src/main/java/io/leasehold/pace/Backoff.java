package io.leasehold.pace;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * Delays that grow by a factor up to a limit, each spread by a jitter so that many clients do not come back at once.
 *
 * @param first the delay before the first repetition, 0 or more
 * @param max the longest delay, at least {@code first}
 * @param factor by what each further delay grows, 1 or more
 * @param jitter by what part a delay may be longer or shorter, 0 to 1
 */
@CheckReturnValue
public record Backoff(Duration first, Duration max, double factor, double jitter) {
    /** The longest delay that can be asked for. */
    public static final Duration LIMIT = Duration.ofDays(1);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public Backoff {
        require(!first.isNegative() && first.compareTo(max) <= 0, "backoff.first", first + " is not in 0.." + max);
        require(max.compareTo(LIMIT) <= 0, "backoff.max", max + " is above " + LIMIT);
        require(factor >= 1 && factor <= 100, "backoff.factor", factor + " is not in 1..100");
        require(jitter >= 0 && jitter <= 1, "backoff.jitter", jitter + " is not in 0..1");
    }

    /** Doubling from {@code first} to 60 times of it, at least one minute, with a jitter of one fifth. */
    public static Backoff from(Duration first) {
        Duration sixty = first.abs().compareTo(LIMIT) > 0 ? LIMIT : first.multipliedBy(60);
        Duration minute = Duration.ofMinutes(1);
        Duration max = sixty.compareTo(minute) > 0 ? sixty : minute;
        return new Backoff(first, max.compareTo(LIMIT) > 0 ? LIMIT : max, 2, 0.2);
    }

    /** Always the same delay, without jitter. */
    public static Backoff fixed(Duration delay) {
        return new Backoff(delay, delay, 1, 0);
    }

    /**
     * The delay before a repetition.
     *
     * @param attempt 1 for the first repetition
     * @param random a number from 0 (incl.) to 1 (excl.) that chooses within the jitter
     * @return nanoseconds, 0 or more
     */
    public long delayNanos(int attempt, double random) {
        double grown = first.toNanos() * Math.pow(factor, Math.max(0, attempt - 1));
        double capped = Math.min(grown, (double) max.toNanos());
        double spread = capped * (1 - jitter + 2 * jitter * random);
        return (long) Math.min(spread, (double) max.toNanos());
    }

    /** The longest delay in nanoseconds. */
    public long maxNanos() {
        return max.toNanos();
    }

    private static void require(boolean holds, String setting, String problem) {
        if (!holds) {
            throw new MessagingException(ErrorCode.BAD_SETTING, problem, setting, "choose a value within the bounds");
        }
    }
}
