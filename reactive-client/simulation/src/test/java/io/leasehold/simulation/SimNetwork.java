package io.leasehold.simulation;

/** What all connections of a world share: how they behave now. */
final class SimNetwork {
    private final SimWorld world;
    private SimFaults faults = SimFaults.NONE;
    private int lost;

    SimNetwork(SimWorld world) {
        this.world = world;
    }

    SimWorld world() {
        return world;
    }

    SimFaults faults() {
        return faults;
    }

    /** From now on it behaves like this. */
    void behave(SimFaults newFaults) {
        faults = newFaults;
    }

    void lost(Parcel parcel) {
        lost++;
        if (world.isTraced()) {
            world.trace("network", parcel.what() + " is lost");
        }
    }

    /** How many messages did not arrive. */
    int lostCount() {
        return lost;
    }
}
