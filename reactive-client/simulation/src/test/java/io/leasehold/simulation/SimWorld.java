package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * True time, chance, and everything that is still to happen. One thread; the order of events is given by their time and
 * then by the order in which they were added, so that a seed gives the same history each time.
 */
final class SimWorld {
    private final long seed;
    private final SplittableRandom random;
    private final SimHeap heap = new SimHeap();
    private final @Nullable List<String> trace;
    private Runnable afterStep = () -> {};
    private long now;
    private long steps;
    private long hash = 1;
    private @Nullable BrokenPromise violation;

    /** A world in which chance is given by the seed; a traced one remembers what happened in words. */
    SimWorld(long seed, boolean traced) {
        this.seed = seed;
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
        this.trace = traced ? new ArrayList<>() : null;
    }

    long seed() {
        return seed;
    }

    /** Nanoseconds of true time since the beginning. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long steps() {
        return steps;
    }

    SplittableRandom random() {
        return random;
    }

    /** Whether something happens that has so many chances in a thousand. */
    boolean chance(int perMille) {
        return perMille > 0 && random.nextInt(1_000) < perMille;
    }

    /** What looks at the world after each step. */
    void afterStep(Runnable check) {
        this.afterStep = check;
    }

    void add(SimTask task) {
        if (task.at < now) {
            task.at = now;
        }
        heap.add(task);
    }

    /** The number of the last task that was added. */
    long lastSeq() {
        return heap.lastSeq();
    }

    /** Moves all that a node had before it, up to some task, to later. */
    void shift(SimNode node, long nanos, long lastSeq) {
        heap.shift(node, nanos, lastSeq);
    }

    /** Lets everything happen up to an instant, unless a promise is broken before. */
    void runUntil(long trueNanos) {
        SimTask next = heap.peek();
        while (violation == null && next != null && next.at <= trueNanos) {
            step(heap.poll());
            next = heap.peek();
        }
        if (violation == null && now < trueNanos) {
            now = trueNanos;
        }
    }

    private void step(SimTask task) {
        if (task.isDisposed() || task.lane.closed || task.lane.node.isCrashed()) {
            return;
        }
        now = task.at;
        if (task.lane.node.isFrozen()) {
            task.lane.node.keep(task);
            return;
        }
        if (now < task.lane.blockedUntil) {
            task.at = task.lane.blockedUntil;
            heap.add(task);
            return;
        }
        steps++;
        hash = (hash ^ now) * 0x100000001B3L + steps;
        try {
            task.run();
        } catch (Throwable thrown) {
            uncaught(thrown);
        }
        afterStep.run();
    }

    /** Something has left a task: what user code threw is for its thread to deal with, all else is a mistake. */
    void uncaught(Throwable thrown) {
        if (!WatchedWork.isFatalOfUsers(thrown)) {
            violate("P7", "a task threw " + thrown);
        }
        traceThrown(thrown);
    }

    private void traceThrown(Throwable thrown) {
        if (trace != null) {
            trace.add("  " + thrown);
            for (StackTraceElement element : thrown.getStackTrace()) {
                trace.add("    at " + element);
            }
        }
    }

    /** Mixes something that happened into the fingerprint of this history. */
    void mark(long what) {
        hash = (hash ^ what) * 0x100000001B3L;
    }

    /** The fingerprint of what has happened so far. */
    long hash() {
        return hash;
    }

    boolean isTraced() {
        return trace != null;
    }

    /** Notes what happens where; costs nothing when nobody reads it and the text is a constant. */
    void trace(String where, String what) {
        if (trace != null) {
            trace.add(String.format("%14.6f ms  %-8s %s", now / 1e6, where, what));
        }
    }

    List<String> trace() {
        return trace == null ? List.of() : trace;
    }

    /** A promise is broken: nothing further happens. The first one counts. */
    void violate(String promise, String what) {
        if (violation == null) {
            violation = new BrokenPromise(promise, what, now);
            trace("VIOLATION", promise + ": " + what);
        }
    }

    @Nullable
    BrokenPromise violation() {
        return violation;
    }
}
