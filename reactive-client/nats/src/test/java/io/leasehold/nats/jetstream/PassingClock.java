package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.contract.BenchClock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Real time, which the client's virtual time follows: the broker is in another process. */
final class PassingClock implements BenchClock {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final long STEP_NANOS = 1_000_000L;

    private final VirtualTimeScheduler time;
    private final Duration leaseTime;
    private long last = System.nanoTime();

    PassingClock(VirtualTimeScheduler time, Duration leaseTime) {
        this.time = time;
        this.leaseTime = leaseTime;
    }

    @Override
    public Duration leaseTime() {
        return leaseTime;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    private void follow() {
        LockSupport.parkNanos(STEP_NANOS);
        long now = System.nanoTime();
        time.advanceTimeBy(Duration.ofNanos(now - last));
        last = now;
    }

    @Override
    public void elapse(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        do {
            follow();
        } while (System.nanoTime() < end);
    }

    @Override
    public void until(String what, BooleanSupplier shows) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!shows.getAsBoolean() && System.nanoTime() < end) {
            follow();
        }
        assertThat(shows.getAsBoolean()).as(what).isTrue();
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
