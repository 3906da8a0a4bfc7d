package io.leasehold.publish;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Rings once by an instant: a timer that is set anew only for something earlier. What rings too early is set again by
 * whoever hears it. Touched in turns only.
 */
final class Alarm {
    /** When something that is due already could not be done yet. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(1);

    private final Scheduler time;
    private final Executor turns;
    private final Runnable onRing;
    private @Nullable Ring armed;

    /**
     * Makes an alarm that is not set.
     *
     * @param time where the timer runs
     * @param turns has something done in a turn
     * @param onRing done in a turn, when it rings
     */
    Alarm(Scheduler time, Executor turns, Runnable onRing) {
        this.time = time;
        this.turns = turns;
        this.onRing = onRing;
    }

    /** Rings at an instant or before; false when there is no time any more. */
    boolean ringBy(long due, long now) {
        if (armed != null && armed.at - due <= 0) {
            return true;
        }

        cancel();
        Ring ring = new Ring(due);
        armed = ring;
        try {
            ring.timer = time.schedule(ring, due - now > 0 ? due - now : SOON, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            armed = null;
            return false;
        }
    }

    void cancel() {
        if (armed != null && armed.timer != null) {
            armed.timer.dispose();
        }
        armed = null;
    }

    private final class Ring implements Runnable {
        final long at;

        @Nullable
        Disposable timer;

        Ring(long at) {
            this.at = at;
        }

        @Override
        public void run() {
            turns.execute(this::ring);
        }

        private void ring() {
            armed = armed == this ? null : armed;
            onRing.run();
        }
    }
}
