package io.leasehold.nats.connection;

/** The one thread on which all state of a connection is read and written. */
interface Loop {
    /** Has something run on it; false when it has ended. */
    boolean execute(Runnable task);

    /** Calls what must not end it when it throws. */
    void guarded(Runnable task);

    /** Tells of a defect; it goes on. */
    void fault(Throwable fault);

    /** What the client's clock says, in nanoseconds. */
    long nanos();
}
