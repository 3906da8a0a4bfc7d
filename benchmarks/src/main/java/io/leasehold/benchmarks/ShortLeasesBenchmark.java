package io.leasehold.benchmarks;

import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
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

/**
 * 200,000 leases a second that are opened and settled at once, with a lease time of 30 s: what the keeper keeps of
 * them must follow what is held, which is nothing, and not the rate times the time.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 1)
@Measurement(iterations = 1) // JMH adds counters up over iterations
public class ShortLeasesBenchmark {
    private static final int PER_SECOND = 200_000;
    private static final int SECONDS = 10;

    /** What is read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Held {
        /** Leases opened and settled per second. */
        public double leasesPerSecond;

        /** Heap that the keeper holds 20 ms after the last one. */
        public double retainedBytes;
    }

    /** All of it. */
    @Benchmark
    public void openAndSettle(Held shortLeases) {
        LeaseFixture fixture = new LeaseFixture(Duration.ofSeconds(30));
        long before = LeaseFixture.usedBytes();
        long start = System.nanoTime();
        for (int done = 0; done < PER_SECOND * SECONDS; done++) {
            KeptLease lease = fixture.open(LeaseFixture.Owner.NONE);
            lease.settle(SettleVerb.ACK, 0, null);
            lease.retire();
            long due = start + done * (1_000_000_000L / PER_SECOND);
            if (done % 100 == 0 && System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        shortLeases.leasesPerSecond = PER_SECOND * SECONDS * 1e9 / (System.nanoTime() - start);
        LockSupport.parkNanos(20_000_000);
        shortLeases.retainedBytes = LeaseFixture.usedBytes() - before;
        fixture.close();
    }
}
