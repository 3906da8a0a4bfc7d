package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries are put together.
 *
 * @param size how many at most, 1 to {@value #SIZE_MAX}
 * @param fill how long a batch is filled at most; null for a quarter of the lease time, and never longer than that
 * @param onLoss what becomes of a batch when the lease of one of its deliveries is lost
 */
@CheckReturnValue
public record BatchSettings(int size, @Nullable Duration fill, OnLoss onLoss) {
    /** The largest batch. */
    public static final int SIZE_MAX = 10_000;

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public BatchSettings {
        if (size < 1 || size > SIZE_MAX) {
            throw MessagingException.badSetting("batch.size", size, "in 1.." + SIZE_MAX);
        }
        if (fill != null && fill.isNegative()) {
            throw MessagingException.badSetting("batch.fill", fill, "0 or longer");
        }
    }

    /** A batch of at most so many. */
    public static BatchSettings ofSize(int size) {
        return new BatchSettings(size, null, OnLoss.RERUN);
    }

    /** What becomes of a batch that lost one of its leases. */
    public enum OnLoss {
        /** The run is cancelled; when it has ended the others are run again. */
        RERUN,
        /**
         * The run goes on; only the lost delivery is not settled. A newer delivery of its message waits for the end of
         * the run, at most two lease times long, and is given back then. The run is cancelled when all are lost.
         */
        SKIP
    }
}
