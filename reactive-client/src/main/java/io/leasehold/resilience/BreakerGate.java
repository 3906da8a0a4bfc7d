package io.leasehold.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import io.leasehold.pace.StageState;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker. Its permissions are drawn without waiting. Its outcomes are recorded by one thread at a time,
 * since it keeps them under a lock: who comes while another records leaves its outcome to it.
 */
final class BreakerGate implements Gate {
    private final CircuitBreaker breaker;
    private final AtomicInteger work = new AtomicInteger();
    private final Queue<Ended> left = new ConcurrentLinkedQueue<>();

    private record Ended(long nanos, @Nullable Throwable error) {}

    BreakerGate(CircuitBreaker breaker) {
        this.breaker = breaker;
    }

    @Override
    public long enter(StageState kept, long now) {
        if (!breaker.tryAcquirePermission()) {
            return StageAnswer.refuse(ErrorCode.BREAKER_OPEN);
        }
        // 0 means that nothing was drawn.
        kept.state(now == 0 ? 1 : now);
        return StageAnswer.PROCEED;
    }

    @Override
    public void ended(StageState kept, long now, @Nullable Throwable error) {
        long since = kept.state();
        kept.state(0);
        if (since == 0) {
            return;
        }
        if (work.compareAndSet(0, 1)) {
            record(now - since, error);
        } else {
            left.add(new Ended(now - since, error));
            if (work.getAndIncrement() != 0) {
                return;
            }
        }
        recordLeft();
    }

    private void recordLeft() {
        int seen = 1;
        do {
            for (Ended next = left.poll(); next != null; next = left.poll()) {
                record(next.nanos(), next.error());
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void record(long nanos, @Nullable Throwable error) {
        long took = Math.max(0, nanos);
        if (error == null) {
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
        } else {
            breaker.onError(took, TimeUnit.NANOSECONDS, error);
        }
    }

    @Override
    public void undone(StageState kept) {
        if (kept.state() != 0) {
            kept.state(0);
            breaker.releasePermission();
        }
    }
}
