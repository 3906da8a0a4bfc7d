package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a consumer does at once.
 *
 * @param concurrency how many runs at once, orphans included; 1 to {@value #CONCURRENCY_MAX}, default 64
 * @param prefetch how many deliveries beyond free slots are asked for; 0 to {@value #CONCURRENCY_MAX}, default 0
 * @param maxWaiting how many deliveries may wait for their key, their slot or a run before them; 0, the default,
 *     for as many as {@code concurrency}
 * @param maxLaneWait how long a delivery waits for its key before it is given back; null for {@code maxHold}
 */
@CheckReturnValue
public record FlowSettings(
        int concurrency,
        int prefetch,
        int maxWaiting,
        @Nullable Duration maxLaneWait) {
    /** The upper bound of {@code concurrency}, {@code prefetch} and {@code maxWaiting}. */
    public static final int CONCURRENCY_MAX = 1_000_000;

    /** The defaults. */
    public static final FlowSettings DEFAULT = new FlowSettings(64, 0, 0, null);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public FlowSettings {
        require(concurrency >= 1 && concurrency <= CONCURRENCY_MAX, "concurrency", concurrency, 1);
        require(prefetch >= 0 && prefetch <= CONCURRENCY_MAX, "prefetch", prefetch, 0);
        if (maxLaneWait != null && !HoldSettings.isPositive(maxLaneWait)) {
            throw MessagingException.badSetting("maxLaneWait", maxLaneWait, "positive");
        }
        require(maxWaiting >= 0 && maxWaiting <= CONCURRENCY_MAX, "maxWaiting", maxWaiting, 0);
    }

    /** The bound of waiting deliveries. */
    int waitingMax() {
        return maxWaiting == 0 ? concurrency : maxWaiting;
    }

    private static void require(boolean holds, String setting, int value, int least) {
        if (!holds) {
            throw MessagingException.badSetting(setting, value, "in " + least + ".." + CONCURRENCY_MAX);
        }
    }
}
