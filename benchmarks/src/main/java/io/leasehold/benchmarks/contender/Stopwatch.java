package io.leasehold.benchmarks.contender;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** How long single messages take: one of a few is looked at, so that looking costs nothing. */
public final class Stopwatch {
    private static final double MICRO = 1_000;

    private final int every;
    private final AtomicLongArray begun;
    private final AtomicLongArray taken;

    private Stopwatch(int messages, int every) {
        this.every = every;
        this.begun = new AtomicLongArray(messages / every + 1);
        this.taken = new AtomicLongArray(messages / every + 1);
    }

    /** One of 64 is looked at. */
    public static Stopwatch sampling(int messages) {
        return new Stopwatch(messages, 64);
    }

    /** Each one is looked at. */
    public static Stopwatch each(int messages) {
        return new Stopwatch(messages, 1);
    }

    /** Whether this one is looked at. */
    public boolean watches(int message) {
        return message % every == 0;
    }

    /** One begins. */
    public void begin(int message) {
        if (message % every == 0) {
            begun.setPlain(message / every, System.nanoTime());
        }
    }

    /** One has ended; handed over from where it began by something that orders the two. */
    public void end(int message) {
        if (message % every == 0) {
            int at = message / every;
            taken.setPlain(at, System.nanoTime() - begun.getPlain(at));
        }
    }

    /** The median in microseconds; no number when none was watched. */
    public double medianMicros() {
        long[] ended = new long[taken.length()];
        int count = 0;
        for (int i = 0; i < taken.length(); i++) {
            if (taken.get(i) > 0) {
                ended[count++] = taken.get(i);
            }
        }
        Arrays.sort(ended, 0, count);

        return count == 0 ? Double.NaN : ended[count / 2] / MICRO;
    }
}
