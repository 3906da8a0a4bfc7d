package io.leasehold.simulation;

/**
 * One direction of a connection: what is sent arrives in order, later, twice or not at all. While the line is held,
 * what is sent waits where it is.
 */
final class SimLine {
    private final SimNetwork network;
    private final SimLane receiver;
    private long lastArrival;
    private long heldUntil;
    private boolean closed;
    private boolean emptied;
    private boolean discarded;

    /** A line whose messages arrive on a lane. */
    SimLine(SimNetwork network, SimLane receiver) {
        this.network = network;
        this.receiver = receiver;
    }

    /** Sends something. */
    void send(Parcel parcel) {
        SimWorld world = network.world();
        if (closed) {
            return;
        }
        SimFaults faults = network.faults();
        if (world.chance(faults.losePerMille())) {
            network.lost(parcel);
            return;
        }
        long soonest = world.now() + faults.delayNanos(world.random());
        lastArrival = Math.max(soonest, Math.max(lastArrival, heldUntil));
        boolean held = heldUntil > world.now();
        long sentAt = world.now();
        receiver.at(lastArrival, () -> arrive(parcel, sentAt, held));
        if (parcel.mayComeTwice() && world.chance(faults.twicePerMille())) {
            receiver.at(lastArrival + faults.delayNanos(world.random()), () -> arrive(parcel, sentAt, held));
        }
    }

    private void arrive(Parcel parcel, long sentAt, boolean held) {
        boolean kept = !emptied && !(discarded && held);
        if (kept && network.world().now() - sentAt <= parcel.flightNanosMax()) {
            parcel.arrive();
        } else {
            network.lost(parcel);
        }
    }

    /** Nothing gets through for a while; nothing of it is lost by that. */
    void hold(long nanos) {
        heldUntil = Math.max(heldUntil, network.world().now() + nanos);
    }

    /** What is held is let go. */
    void release() {
        heldUntil = 0;
    }

    /** Takes no more; what is under way arrives or not. */
    void close(boolean arrives) {
        closed = true;
        emptied |= !arrives;
    }

    /** Takes no more, and what this end still held is thrown away; what had left it arrives. */
    void discard() {
        closed = true;
        discarded = true;
    }

    boolean isClosed() {
        return closed;
    }
}
