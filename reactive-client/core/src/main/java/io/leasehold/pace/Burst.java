package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts off what follows while a thread works through much at once: a thread that reads forty messages has them looked
 * at together, and wakes those that work on them once, not forty times. Waking costs more than most of the work that it
 * is for.
 *
 * <pre>
 *   begin ── putOff, putOff, ... ──► end: lines are worked off, then wakers are told once, how often
 * </pre>
 *
 * <p>Only where nothing waits and no user code is called between begin and end. Bursts may be nested; the outermost
 * counts.
 */
@Internal
public final class Burst {
    private static final ThreadLocal<Burst> MINE = ThreadLocal.withInitial(Burst::new);

    private final Queue<SerialLine<?>> lines = new ArrayDeque<>();
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
        try {
            if (burst.depth == 1) {
                burst.workOff();
            }
        } finally {
            burst.depth--;
            if (burst.depth == 0) {
                burst.tell();
            }
        }
    }

    // What they put off meanwhile comes at the end of the same burst.
    private void workOff() {
        for (SerialLine<?> line = lines.poll(); line != null; line = lines.poll()) {
            line.work();
        }
    }

    /** Puts working a line off that nobody is at, to the end of this thread's burst; false when there is none. */
    static boolean putOff(SerialLine<?> line) {
        Burst burst = MINE.get();
        return burst.depth > 0 && burst.lines.add(line);
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
