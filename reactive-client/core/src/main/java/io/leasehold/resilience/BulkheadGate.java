package io.leasehold.resilience;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.StageAnswer;
import io.leasehold.pace.StageState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bulkhead. Whoever finds it full comes back until its time is up: the bulkhead's own waiting would park threads. */
final class BulkheadGate implements Gate {
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long INSIDE = 1;

    private final Bulkhead bulkhead;
    private final long waitNanos;

    BulkheadGate(Bulkhead bulkhead, Duration maxWait) {
        this.bulkhead = bulkhead;
        this.waitNanos = maxWait.toNanos();
        requireNoParking();
    }

    // Its configuration may be changed at any time.
    private void requireNoParking() {
        if (!bulkhead.getBulkheadConfig().getMaxWaitDuration().isZero()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a maxWaitDuration above zero would park threads",
                    "bulkhead " + bulkhead.getName(),
                    "set it to zero and give the time to wait to the stage");
        }
    }

    @Override
    public StageAnswer enter(StageState kept, long now) {
        requireNoParking();
        if (bulkhead.tryAcquirePermission()) {
            kept.state(INSIDE);
            return StageAnswer.PROCEED;
        }
        long left = waitNanos == 0 ? 0 : deadline(kept, now) - now;
        return left <= 0
                ? StageAnswer.refuse(ErrorCode.BULKHEAD_FULL)
                : StageAnswer.delay(Duration.ofNanos(Math.min(AGAIN_NANOS, left)));
    }

    private long deadline(StageState kept, long now) {
        if (kept.state() == 0) {
            long until = now + waitNanos;
            kept.state(until == 0 || until == INSIDE ? INSIDE + 1 : until);
        }
        return kept.state();
    }

    @Override
    public void ended(StageState kept, long now, @Nullable Throwable error) {
        if (kept.state() == INSIDE) {
            kept.state(0);
            bulkhead.onComplete();
        }
    }

    @Override
    public void undone(StageState kept) {
        if (kept.state() == INSIDE) {
            kept.state(0);
            bulkhead.releasePermission();
        }
    }
}
