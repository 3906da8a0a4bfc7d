package io.leasehold.simulation;

import reactor.core.Disposable;

/** Something that happens at an instant on a lane. */
final class SimTask implements Disposable {
    final SimLane lane;
    final Runnable body;
    long at;
    long seq;
    private boolean over;

    SimTask(SimLane lane, Runnable body) {
        this.lane = lane;
        this.body = body;
    }

    boolean isBefore(SimTask other) {
        return at != other.at ? at < other.at : seq < other.seq;
    }

    /** Runs it, once. */
    void run() {
        if (!over) {
            over = true;
            body.run();
        }
    }

    @Override
    public void dispose() {
        over = true;
    }

    @Override
    public boolean isDisposed() {
        return over;
    }
}
