package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what is sent arrives in order, later, twice or not at all. While the line is held,
 * what is sent waits where it is.
 */
final class SimLine {
    private final SimNetwork network;
    private final SimLane receiver;
    private final List<Flight> flights = new ArrayList<>();
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
        if (parcel.mayBeOvertaken() && world.chance(faults.detourPerMille())) {
            long detour = faults.delayNanos(world.random()) + faults.slowNanos();
            new Flight(parcel).to(world.now() + detour);
            return;
        }
        long soonest = world.now() + faults.delayNanos(world.random());
        lastArrival = Math.max(soonest, Math.max(lastArrival, heldUntil));
        new Flight(parcel).to(lastArrival);
        if (parcel.mayComeTwice() && world.chance(faults.twicePerMille())) {
            new Flight(parcel).to(lastArrival + faults.delayNanos(world.random()));
        }
    }

    /** One journey of a parcel. */
    private final class Flight implements Runnable {
        private final Parcel parcel;
        private final long sentAt = network.world().now();
        private final boolean held = heldUntil > sentAt;
        private @Nullable SimTask task;

        Flight(Parcel parcel) {
            this.parcel = parcel;
        }

        void to(long arrival) {
            if (task != null) {
                task.dispose();
            }
            task = receiver.at(arrival, this);
            flights.add(this);
        }

        @Override
        public void run() {
            flights.remove(this);
            boolean kept = !emptied && !(discarded && held);
            if (kept && network.world().now() - sentAt <= parcel.flightNanosMax()) {
                parcel.arrive();
            } else {
                network.lost(parcel);
            }
        }
    }

    /** Nothing gets through for a while; nothing of it is lost by that. */
    void hold(long nanos) {
        heldUntil = Math.max(heldUntil, network.world().now() + nanos);
    }

    /** What is held or slow comes now. */
    void release() {
        heldUntil = 0;
        lastArrival = network.world().now();
        List<Flight> all = List.copyOf(flights);
        flights.clear();
        all.forEach(flight -> flight.to(++lastArrival));
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
