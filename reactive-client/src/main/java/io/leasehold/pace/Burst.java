package io.leasehold.pace;

import org.jspecify.annotations.Nullable;

/**
 * Puts off waking others while a thread works through much at once: a thread that reads forty messages wakes those
 * that work on them once, not forty times. Waking costs more than most of the work that it is for.
 *
 * <pre>
 *   begin ── putOff, putOff, ... ──► end: told once, how often
 * </pre>
 *
 * <p>Only where nothing waits and no user code is called between begin and end. Bursts may be nested; the outermost
 * counts.
 */
public final class Burst {
    private static final ThreadLocal<Burst> MINE = ThreadLocal.withInitial(Burst::new);

    private int depth;
    private int times;
    private @Nullable Waker waker;

    private Burst() {}

    /** What can be put off. */
    public interface Waker {
        /**
         * The burst is over.
         *
         * @param times how often it was put off, 1 or more
         */
        void wake(int times);
    }

    /** Begins one on this thread. */
    public static void begin() {
        Burst burst = MINE.get();
        burst.depth++;
    }

    /** Ends it: what was put off is done now. */
    public static void end() {
        Burst burst = MINE.get();
        if (--burst.depth == 0) {
            burst.tell();
        }
    }

    /** Puts waking off to the end of this thread's burst; false when there is none. */
    static boolean putOff(Waker other) {
        Burst burst = MINE.get();
        if (burst.depth == 0) {
            return false;
        }
        if (burst.waker != other) {
            // Of several the earlier are told when the next one comes.
            burst.tell();
            burst.waker = other;
        }
        burst.times++;
        return true;
    }

    private void tell() {
        Waker told = waker;
        int often = times;
        waker = null;
        times = 0;
        if (told != null) {
            told.wake(often);
        }
    }
}
