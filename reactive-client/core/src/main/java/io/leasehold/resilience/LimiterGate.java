package io.leasehold.resilience;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import io.leasehold.pace.StageState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A rate limiter. Whoever has to wait holds a permit that is valid later, and is told to come back then. */
final class LimiterGate implements Gate {
    private final RateLimiter limiter;
    private final PermitBlocks permits;

    LimiterGate(RateLimiter limiter) {
        this.limiter = limiter;
        this.permits = new PermitBlocks(limiter);
    }

    @Override
    public StageAnswer enter(StageState kept, long now) {
        long validAt = kept.state();
        if (validAt == 0) {
            validAt = permits.draw(now);
            if (validAt == PermitBlocks.NONE) {
                return StageAnswer.refuse(ErrorCode.RATE_LIMITED);
            }
            kept.state(validAt == 0 ? 1 : validAt);
        }
        return StageAnswer.delay(Duration.ofNanos(validAt - now));
    }

    @Override
    public void ended(StageState kept, long now, @Nullable Throwable error) {
        if (error == null) {
            limiter.onSuccess();
        } else {
            limiter.onError(error);
        }
    }

    @Override
    public void undone(StageState kept) {
        // A permit that was drawn is spent: the limiter takes none back.
    }
}
