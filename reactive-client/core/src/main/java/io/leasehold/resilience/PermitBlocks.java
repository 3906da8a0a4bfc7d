package io.leasehold.resilience;

import io.github.resilience4j.ratelimiter.RateLimiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permits of a rate limiter, drawn in blocks of at most a tenth of its limit, by one thread at a time: the limiter
 * parks threads that compete for it. What is left of a block after a period is thrown away, so that the limit of the
 * next period holds.
 */
final class PermitBlocks {
    /** No permit within the limiter's timeout. */
    static final long NONE = Long.MAX_VALUE;

    private static final int BLOCK_MAX = 64;
    private static final int PARTS = 10;
    private static final int SPINS = 1000;

    private final RateLimiter limiter;
    private final AtomicBoolean drawing = new AtomicBoolean();
    private volatile Block block = new Block(0, Long.MIN_VALUE, 0);

    PermitBlocks(RateLimiter limiter) {
        this.limiter = limiter;
    }

    private static final class Block {
        private final long validAt;
        private final long until;
        private final AtomicInteger left;

        Block(long validAt, long until, int left) {
            this.validAt = validAt;
            this.until = until;
            this.left = new AtomicInteger(left);
        }

        boolean take(long now) {
            return now < until && left.get() > 0 && left.getAndDecrement() > 0;
        }
    }

    /** The instant from which on a permit of the caller is valid, or {@link #NONE}. */
    long draw(long now) {
        for (int spin = 0; spin < SPINS; spin++) {
            Block present = block;
            if (present.take(now)) {
                return present.validAt;
            }
            if (drawing.compareAndSet(false, true)) {
                return drawBlock(now);
            }
            Thread.onSpinWait();
        }
        return reserve(1, now);
    }

    private long drawBlock(long now) {
        try {
            // Another one may have drawn in between.
            Block present = block;
            if (present.take(now)) {
                return present.validAt;
            }
            int size = Math.max(
                    1, Math.min(BLOCK_MAX, limiter.getRateLimiterConfig().getLimitForPeriod() / PARTS));
            long validAt = reserve(size, now);
            if (validAt == NONE) {
                return size == 1 ? NONE : reserve(1, now);
            }
            long period = limiter.getRateLimiterConfig().getLimitRefreshPeriod().toNanos();
            block = new Block(validAt, validAt + period, size - 1);
            return validAt;
        } finally {
            drawing.set(false);
        }
    }

    private long reserve(int permits, long now) {
        long wait = limiter.reservePermission(permits);
        return wait < 0 ? NONE : now + wait;
    }
}
