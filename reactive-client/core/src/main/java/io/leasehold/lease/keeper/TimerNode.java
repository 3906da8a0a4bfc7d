package io.leasehold.lease.keeper;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Is something with deadlines: its own node in the {@link TimerWheel} and in the keeper's inbox, so that arming
 * allocates nothing and cannot overflow. The links belong to the keeper's thread, {@code inboxNext} to the inbox.
 */
abstract class TimerNode {
    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private static final AtomicIntegerFieldUpdater<TimerNode> QUEUED =
            AtomicIntegerFieldUpdater.newUpdater(TimerNode.class, "queued");

    @Nullable
    TimerNode previous;

    @Nullable
    TimerNode next;

    @Nullable
    TimerNode inboxNext;

    long tick;
    int position = TimerWheel.NOWHERE;
    private volatile int queued;

    /** Gives the next instant at which {@link #due} wants to be called, in ticker nanoseconds, or {@link #NEVER}. */
    abstract long dueNanos();

    /** Does what is due at this instant. On the keeper's thread. */
    abstract void due(long now);

    /** Tells that the keeper stops: nothing will be due any more. */
    abstract void keeperStopped();

    /** Claims the one place that a node has in the inbox; true for the caller who must put it there. */
    final boolean enterInbox() {
        return queued == 0 && QUEUED.compareAndSet(this, 0, 1);
    }

    /** Gives the place back, before the node is looked at: what changes from here on enters it again. */
    final void leaveInbox() {
        inboxNext = null;
        queued = 0;
    }
}
