package io.leasehold.nats.jetstream;

import java.util.concurrent.atomic.AtomicBoolean;

/** The credit of a port on its way to the connection's thread: however often it is raised, one visit is enough. */
final class PortCredit {
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile long total;

    /** So many deliveries may be taken in all. True when the connection's thread must be told. */
    boolean change(long newTotal) {
        total = newTotal;
        return told.compareAndSet(false, true);
    }

    /** What holds now; later changes are told again. */
    long take() {
        told.set(false);
        return total;
    }
}
