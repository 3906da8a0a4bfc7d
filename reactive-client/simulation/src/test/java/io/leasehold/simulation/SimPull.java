package io.leasehold.simulation;

/** A request for so many deliveries. The client's side and the broker's side of it are kept apart. */
final class SimPull {
    final int number;
    final int count;
    /** The client's clock before the request was handed to the network. */
    final long anchorNanos;

    final long expiresNanos;
    final SimConnection connection;
    /** The client's side: how many may still come, 0 when it is over or retired. */
    int awaited;
    /** The broker's side: how many may still be handed out for it. */
    int open;

    SimPull(int number, int count, long anchorNanos, long expiresNanos, SimConnection connection) {
        this.number = number;
        this.count = count;
        this.anchorNanos = anchorNanos;
        this.expiresNanos = expiresNanos;
        this.connection = connection;
        this.awaited = count;
    }
}
