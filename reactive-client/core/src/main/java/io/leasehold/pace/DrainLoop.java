package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Has one thread at a time drain what many fill. Whoever has filled something enters; the first one owes the draining
 * and goes on until nobody has entered meanwhile, so that nothing is forgotten and no two drain at once. What a pass
 * writes is seen by the next one, on whatever thread.
 *
 * <pre>
 *   0 ──enter: true──► n ──pass, pass, ... until nobody entered since the last one began──► 0
 *                      ▲ │
 *                      └─┘ enter: false, whoever drains will see it
 * </pre>
 */
@Internal
public final class DrainLoop {
    private static final AtomicIntegerFieldUpdater<DrainLoop> ENTERED =
            AtomicIntegerFieldUpdater.newUpdater(DrainLoop.class, "entered");

    private volatile int entered;

    /** Says that there is something to drain. On any thread; true for the one who owes {@link #drain} for it. */
    public boolean enter() {
        return ENTERED.getAndIncrement(this) == 0;
    }

    /** Says that there is something to drain, and drains it unless somebody is at it. On any thread. */
    public void enterAndDrain(Runnable pass) {
        if (enter()) {
            drain(pass);
        }
    }

    /**
     * Drains: by the one who owes it, or by another one on his behalf.
     *
     * @param pass drains what is there; must not throw
     */
    public void drain(Runnable pass) {
        int seen = entered;
        while (seen != 0) {
            pass.run();
            seen = ENTERED.addAndGet(this, -seen);
        }
    }

    /**
     * Drains with so many passes at most, so that others get their turn.
     *
     * @param pass drains what is there; must not throw
     * @param passes how many passes at most, 1 or more
     * @return false when somebody has entered since the last pass began: the draining is still owed
     */
    public boolean drain(Runnable pass, int passes) {
        int seen = entered;
        for (int done = 0; done < passes && seen != 0; done++) {
            pass.run();
            seen = ENTERED.addAndGet(this, -seen);
        }
        return seen == 0;
    }
}
