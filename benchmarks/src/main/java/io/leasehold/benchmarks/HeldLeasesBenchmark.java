package io.leasehold.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.leasehold.lease.keeper.KeptLease;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A million leases held: what each costs in memory with its timer, what the keeper costs while nothing is due, and
 * how many touches a second it sends when they are. Read the counters, not the time of the shot.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 1)
@Measurement(iterations = 1) // JMH adds counters up over iterations
public class HeldLeasesBenchmark {
    private static final int LEASES = 1_000_000;
    private static final long SECOND = 1_000_000_000L;

    /** What is read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Held {
        /** Heap per held lease, its grant and timer included. */
        public double bytesPerLease;

        /** Processor time of the whole process while nothing is due, in per cent of one core. */
        public double idlePercentOfCore;

        /** Touches confirmed per second while all leases are due within ten seconds. */
        public double touchesPerSecond;
    }

    /** Leases of an hour: nothing is due. */
    @Benchmark
    public void idle(Held held, Blackhole hole) {
        LeaseFixture fixture = new LeaseFixture(Duration.ofHours(1));
        KeptLease[] leases = new KeptLease[LEASES];
        // What an earlier shot held is let go by its keeper in its own time.
        pause(SECOND);
        long before = LeaseFixture.usedBytes();
        open(fixture, leases);
        pause(SECOND);
        held.bytesPerLease = (double) (LeaseFixture.usedBytes() - before) / LEASES;
        pause(SECOND);
        long cpu = cpuNanos();
        pause(5 * SECOND);
        held.idlePercentOfCore = (cpuNanos() - cpu) * 100.0 / (5 * SECOND);
        hole.consume(leases);
        fixture.close();
    }

    /** Leases of 30 s: every one is touched once in ten. */
    @Benchmark
    public void touched(Held held) {
        LeaseFixture fixture = new LeaseFixture(Duration.ofSeconds(30));
        KeptLease[] leases = new KeptLease[LEASES];
        for (int i = 0; i < LEASES; i++) {
            leases[i] = fixture.open(LeaseFixture.Owner.NONE);
            if (i % 1_000 == 0) {
                pause(9_000_000);
            }
        }
        long before = fixture.touches();
        long cpu = cpuNanos();
        pause(10 * SECOND);
        held.touchesPerSecond = (fixture.touches() - before) / 10.0;
        held.idlePercentOfCore = (cpuNanos() - cpu) * 100.0 / (10 * SECOND);
        for (KeptLease lease : leases) {
            if (!lease.isHeld()) {
                throw new IllegalStateException("a lease was lost: the keeper is too slow");
            }
        }
        fixture.close();
    }

    private static void open(LeaseFixture fixture, KeptLease[] leases) {
        for (int i = 0; i < leases.length; i++) {
            leases[i] = fixture.open(LeaseFixture.Owner.NONE);
        }
    }

    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
