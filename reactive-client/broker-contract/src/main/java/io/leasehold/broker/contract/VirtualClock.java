package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time for a broker in this process: what must show, shows at once. */
public final class VirtualClock implements BenchClock, AutoCloseable {
    /** Away from zero, so that a forgotten clock shows, and away from a whole second, so that fractions matter. */
    public static final Duration START = Duration.ofMillis(12_345_678);

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    /** A clock at {@link #START}. */
    public VirtualClock() {
        scheduler.advanceTimeBy(START);
    }

    /** Runs what is due when time passes. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** The wall clock that goes with it. */
    public InstantSource wallClock() {
        return () -> Instant.ofEpochSecond(0, scheduler.now(TimeUnit.NANOSECONDS));
    }

    @Override
    public Duration leaseTime() {
        return Duration.ofSeconds(30);
    }

    @Override
    public long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public void elapse(Duration duration) {
        scheduler.advanceTimeBy(duration);
    }

    @Override
    public void until(String what, BooleanSupplier shows) {
        assertThat(shows.getAsBoolean()).as(what).isTrue();
    }

    @Override
    public void settleDown() {
        scheduler.advanceTimeBy(Duration.ZERO);
    }

    @Override
    public void close() {
        scheduler.dispose();
    }
}
