package io.leasehold.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import io.leasehold.pace.StageState;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

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
    public StageAnswer enter(StageState kept, long now) {
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
        Throwable fault = null;
        if (work.compareAndSet(0, 1)) {
            fault = record(now - since, error);
        } else {
            left.add(new Ended(now - since, error));
            if (work.getAndIncrement() != 0) {
                return;
            }
        }
        Throwable later = recordLeft();
        Throwable told = fault == null ? later : fault;
        if (told != null) {
            throw Exceptions.propagate(told);
        }
    }

    private @Nullable Throwable recordLeft() {
        Throwable fault = null;
        int seen = 1;
        do {
            for (Ended next = left.poll(); next != null; next = left.poll()) {
                Throwable thrown = record(next.nanos(), next.error());
                fault = thrown == null ? fault : thrown;
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
        return fault;
    }

    // What predicates and listeners of the breaker throw must not stop the recording: it is given back, to be reported.
    private @Nullable Throwable record(long nanos, @Nullable Throwable error) {
        long took = Math.max(0, nanos);
        try {
            if (error == null) {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            } else {
                breaker.onError(took, TimeUnit.NANOSECONDS, error);
            }
            return null;
        } catch (Throwable thrown) {
            if (error != null && judged(error).isEmpty()) {
                recordUnjudged(took);
            }
            return thrown;
        }
    }

    // Whether it is one that the predicates know; empty when they throw. They are asked before an outcome is recorded,
    // and listeners are told after that.
    private Optional<Boolean> judged(Throwable error) {
        CircuitBreakerConfig config = breaker.getCircuitBreakerConfig();
        try {
            return Optional.of(config.getIgnoreExceptionPredicate().test(error)
                    || config.getRecordExceptionPredicate().test(error));
        } catch (Throwable unjudged) {
            return Optional.empty();
        }
    }

    // An error of which the predicates cannot say what it is counts as a failure.
    private void recordUnjudged(long took) {
        try {
            breaker.onError(took, TimeUnit.NANOSECONDS, Failures.of(ErrorCode.HANDLER_FAILED));
        } catch (Throwable again) {
            breaker.releasePermission();
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
