package io.leasehold.simulation;

/** One thread of a node, or one end of a connection: its tasks run one at a time and in order. */
final class SimLane {
    final SimNode node;
    private long lastSoon;
    /** While a thawed node catches up, what came meanwhile stays behind what had waited. */
    long blockedUntil;
    /** Nothing runs on it any more: its scheduler was disposed. */
    boolean closed;

    SimLane(SimNode node) {
        this.node = node;
    }

    /** Runs a task as soon as the lane gets to it. */
    SimTask soon(Runnable body) {
        SimWorld world = node.world;
        lastSoon = Math.max(lastSoon, world.now() + node.hopNanos());
        return at(lastSoon, body);
    }

    /** Runs a task at an instant of true time. */
    SimTask at(long trueNanos, Runnable body) {
        SimTask task = new SimTask(this, body);
        task.at = trueNanos;
        node.world.add(task);
        return task;
    }

    /** Runs a task when so much time has passed on the clock of the node, or a little later. */
    SimTask after(long localNanos, Runnable body) {
        if (localNanos <= 0) {
            return soon(body);
        }
        return at(node.trueAfter(localNanos) + node.latenessNanos(), body);
    }
}
