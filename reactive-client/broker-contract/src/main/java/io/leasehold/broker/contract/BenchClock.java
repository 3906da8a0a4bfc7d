package io.leasehold.broker.contract;

import io.leasehold.broker.DeliveryPort;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How time passes on a bench, and how one waits for what must show. */
public interface BenchClock {
    /** The lease time that the groups ask for. */
    Duration leaseTime();

    /** An instant of the time that passes, in nanoseconds; safe from any thread. */
    long nanos();

    /** Lets time pass. */
    void elapse(Duration duration);

    /** Waits until something shows, and fails when it does not. */
    void until(String what, BooleanSupplier shows);

    /** Waits until a member has joined its group, where that takes time. */
    default void joined(DeliveryPort port) {}

    /** Gives what should not come the time to come. */
    void settleDown();
}
