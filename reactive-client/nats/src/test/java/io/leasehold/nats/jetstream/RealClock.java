package io.leasehold.nats.jetstream;

import io.leasehold.Threads;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.contract.BenchClock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Real time, which the client runs on as well. */
record RealClock(Duration leaseTime) implements BenchClock {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(300);

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void elapse(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        Threads.await("time has passed", duration.plus(LIMIT), () -> System.nanoTime() >= end);
    }

    @Override
    public void until(String what, BooleanSupplier shows) {
        Threads.await(what, LIMIT, shows);
    }

    @Override
    public void joined(DeliveryPort port) {
        until("the group is there", () -> ((PullPort) port).life() != null || ((PullPort) port).loss() != null);
    }

    @Override
    public void settleDown() {
        elapse(QUIET);
    }
}
