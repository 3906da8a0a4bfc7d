package io.leasehold.wire;

/**
 * How far the bytes of a link have got: handed to the channel, gone from this process, and read by the server, as the
 * answers to pings show. From that it is known how much of what is large may be under way, so that what is urgent
 * waits for about a second of the line at most, whatever the buffers between hold. Belongs to the connection's own
 * thread.
 *
 * <pre>
 *   proven ───────── left ───────── written ─────────► bytes
 *          kernel, network      channel
 *          └────── at most the window ──────┘
 * </pre>
 *
 * <p>The window begins small, as that of TCP does, and is what the line has shown to take in a second.
 */
final class Progress {
    static final long WINDOW_MIN = 64 * 1_024;
    static final long WINDOW_MAX = 32 << 20;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long SAMPLE_BYTES = 16 * 1_024;
    private static final int GROWTH_MAX = 4;
    private static final int MARKS = 4;

    // What a line is believed to take that has not shown it, and what can be hidden in buffers on the way.
    private static final long BELIEVED_BYTES_PER_SECOND = 64 * 1_024;
    private static final long HIDDEN_BYTES_MAX = 8 << 20;
    private static final int DOUBT = 4;

    private long written;
    private long left;
    private long proven;
    private long marked;
    private long window = WINDOW_MIN;
    private long bytesPerSecond;
    private long quickestNanos = Long.MAX_VALUE;

    /** So many bytes were handed to the channel. */
    void writes(long bytes) {
        written += bytes;
    }

    /** So many more have gone from this process, the oldest first. */
    void leaves(long bytes) {
        left += bytes;
    }

    long written() {
        return written;
    }

    long left() {
        return left;
    }

    /** Up to where the server has read. */
    long proven() {
        return proven;
    }

    /** Whether more of what is large may be written, when so many bytes are about to be. */
    boolean hasRoom(long more) {
        return written + more - proven < window;
    }

    /** Whether a ping belongs behind the next so many bytes, to show how far they got. */
    boolean isMarkDue(long more) {
        return written + more - marked >= window / MARKS;
    }

    /** A ping stands there. */
    void marks(long position) {
        marked = Math.max(marked, position);
    }

    /**
     * The server has answered a ping.
     *
     * @param position where it stands
     * @param before how many bytes before it were not proven when it was written
     * @param nanos how long its answer took
     */
    void proves(long position, long before, long nanos) {
        proven = Math.max(proven, position);
        quickestNanos = Math.min(quickestNanos, nanos);
        if (before < SAMPLE_BYTES) {
            return;
        }

        long rate = (long) ((double) before * SECOND_NANOS / Math.max(1, nanos));
        bytesPerSecond = bytesPerSecond == 0 ? rate : bytesPerSecond + (rate - bytesPerSecond) / 4;
        long targetNanos = Math.max(SECOND_NANOS, 2 * quickestNanos);
        long target = (long) ((double) rate * targetNanos / SECOND_NANOS);
        boolean filled = 2 * before >= window;
        if (filled && target > window) {
            window = Math.min(WINDOW_MAX, Math.min(target, GROWTH_MAX * window));
        } else if (nanos > targetNanos && target < window) {
            window = Math.max(WINDOW_MIN, target);
        }
    }

    /** How long what ends at a position may be on its way, in nanoseconds; for ever while it has not left. */
    long onTheWayNanos(long position) {
        return position > left ? Long.MAX_VALUE / 4 : allowanceNanos(position);
    }

    /** How long the bytes before a position that are not proven may take the line, in nanoseconds. */
    long allowanceNanos(long position) {
        long hidden = Math.min(HIDDEN_BYTES_MAX, Math.max(0, position - proven));
        long slowest = bytesPerSecond == 0 ? BELIEVED_BYTES_PER_SECOND : Math.max(1, bytesPerSecond / DOUBT);
        return (long) ((double) hidden * SECOND_NANOS / slowest);
    }
}
