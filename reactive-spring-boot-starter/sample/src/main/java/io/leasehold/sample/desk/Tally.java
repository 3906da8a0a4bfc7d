package io.leasehold.sample.desk;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens at the desk, from any number of threads. */
public final class Tally {

    private final Map<DeskEvent, LongAdder> counts = new EnumMap<>(DeskEvent.class);

    // Written by the replay alone.
    private volatile long expected;
    private volatile boolean replaying;

    /**
     * Starts with nothing counted.
     *
     * @param replaying whether a replay is to come
     */
    public Tally(boolean replaying) {
        this.replaying = replaying;
        for (DeskEvent event : DeskEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    /** Counts an event. */
    public void count(DeskEvent event) {
        adder(event).increment();
    }

    /** Returns how often an event was counted. */
    public long of(DeskEvent event) {
        return adder(event).sum();
    }

    /**
     * Says how large the replay is.
     *
     * @param records how many records it will bring
     */
    public void replayBegun(long records) {
        expected = records;
    }

    /** Says that the replay has ended: each of its messages is confirmed by the broker and counted. */
    public void replayEnded() {
        replaying = false;
    }

    /** Returns how many records the replay brings, 0 without one. */
    public long expected() {
        return expected;
    }

    /** Returns whether a replay is to come or under way. */
    public boolean replaying() {
        return replaying;
    }

    private LongAdder adder(DeskEvent event) {
        LongAdder adder = counts.get(event);
        if (adder == null) {
            throw new IllegalStateException(event + " has no counter");
        }
        return adder;
    }
}
