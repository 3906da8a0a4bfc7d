package io.leasehold.simulation;

/** One connection of a client: a line in each direction. It ends once; the next one is another. */
final class SimConnection {
    final int epoch;
    final SimLine up;
    final SimLine down;
    /** Whether the broker has noticed its end. */
    boolean endNoticed;

    SimConnection(SimNetwork network, SimNode client, SimNode broker, int epoch) {
        this.epoch = epoch;
        this.up = new SimLine(network, new SimLane(broker));
        this.down = new SimLine(network, new SimLane(client));
    }

    /** Ends; what is under way to the broker still arrives, or not. */
    void cut(boolean arrives) {
        up.close(arrives);
        down.close(arrives);
    }

    /** The client ends it and throws away what it had not yet got rid of. */
    void abort() {
        up.discard();
        down.close(false);
    }

    boolean isCut() {
        return up.isClosed();
    }
}
