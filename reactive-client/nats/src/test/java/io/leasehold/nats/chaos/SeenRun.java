package io.leasehold.nats.chaos;

/** One run of a handler, as far as it was seen. */
final class SeenRun {
    private final Fact started;
    private Fact ended;
    private Fact lost;

    SeenRun(Fact started) {
        this.started = started;
    }

    void endedWith(Fact fact) {
        ended = fact;
    }

    void lostWith(Fact fact) {
        lost = fact;
    }

    Fact started() {
        return started;
    }

    long delivery() {
        return started.delivery();
    }

    String who() {
        return started.who();
    }

    /** Null for one that nobody saw the end of. */
    Fact ended() {
        return ended;
    }

    boolean isCompleted() {
        return ended != null && ended.what() == Fact.What.COMPLETED;
    }

    /** Cancelled because its lease was lost. */
    boolean isOrphaned() {
        return lost != null && ended != null && ended.what() == Fact.What.CANCELLED;
    }

    boolean goesOnAt(long nanos) {
        return ended == null || ended.nanos() > nanos;
    }
}
