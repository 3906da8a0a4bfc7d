package io.leasehold.publish;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The window's one timer. It is set anew only for something earlier; what rings too early is set again. */
final class Alarm {
    /** When something that is due already could not be done yet. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(1);

    private final Scheduler time;
    private final PublishWindow window;
    private @Nullable Ring armed;

    Alarm(Scheduler time, PublishWindow window) {
        this.time = time;
        this.window = window;
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

    private final class Ring extends WindowStep implements Runnable {
        final long at;

        @Nullable
        Disposable timer;

        Ring(long at) {
            this.at = at;
        }

        @Override
        public void run() {
            window.post(this);
        }

        @Override
        void takeTurn(PublishWindow window) {
            armed = armed == this ? null : armed;
            window.onTime();
        }
    }
}
