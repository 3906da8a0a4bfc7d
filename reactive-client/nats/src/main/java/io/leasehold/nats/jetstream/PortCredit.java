package io.leasehold.nats.jetstream;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes the credit of a port on its way to the connection's thread: however often it is raised, one visit is enough.
 */
final class PortCredit {
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile long total;

    /** Takes how many deliveries may be taken in all; returns whether the connection's thread must be told. */
    boolean change(long newTotal) {
        total = newTotal;
        return told.compareAndSet(false, true);
    }

    /** Returns what holds now; later changes are told again. */
    long take() {
        told.set(false);
        return total;
    }
}
