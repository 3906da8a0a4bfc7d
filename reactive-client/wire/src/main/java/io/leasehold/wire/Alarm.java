package io.leasehold.wire;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A timer that goes off on a connection's own thread, no later than the earliest instant it was set to; it may go off
 * too early, so whoever is woken looks at the clock. All methods belong to that thread.
 */
public final class Alarm {
    private final ConnectionLoop loop;
    private final Runnable wake;
    private @Nullable Disposable armed;
    private long at;
    private long turn;

    /**
     * Makes a timer that is off.
     *
     * @param wake called on the loop
     */
    public Alarm(ConnectionLoop loop, Runnable wake) {
        this.loop = loop;
        this.wake = wake;
    }

    /** Sets the timer to an instant of the client's clock, in nanoseconds, unless it goes off earlier already. */
    public void at(long nanos) {
        if (armed != null && at - nanos <= 0) {
            return;
        }

        off();
        at = nanos;
        long mine = turn;
        long delay = Math.max(0, nanos - loop.nanos());
        try {
            armed = loop.time().schedule(() -> loop.execute(() -> goOff(mine)), delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            loop.fault(closed);
        }
    }

    private void goOff(long mine) {
        // One that was called off may be on its way already.
        if (mine == turn) {
            turn++;
            armed = null;
            wake.run();
        }
    }

    /** Switches the timer off. */
    public void off() {
        turn++;
        if (armed != null) {
            armed.dispose();
            armed = null;
        }
    }
}
