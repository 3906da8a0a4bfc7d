package io.leasehold.benchmarks;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * How long after its work deadline a run's subscription is cancelled: 2,000 runs whose leases end over two seconds,
 * with free user threads and with every one of them blocked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 1) // JMH adds counters up over iterations
public class CancelBenchmark {
    private static final int RUNS = 2_000;
    private static final Duration LEASE_TIME = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Whether all threads of the user scheduler are blocked when the leases end. */
    @Param({"false", "true"})
    private boolean usersBlocked;

    private final ConcurrentLinkedQueue<Long> lateNanos = new ConcurrentLinkedQueue<>();

    /** What is read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Late {
        /** The earliest, in milliseconds; below zero before the deadline. */
        public double minMillis;

        /** The median, in milliseconds. */
        public double p50Millis;

        /** Of a thousand, all but one, in milliseconds. */
        public double p999Millis;

        /** The latest, in milliseconds. */
        public double maxMillis;
    }

    /** All of it. */
    @Benchmark
    public void cancelAtTheDeadline(Late late) throws InterruptedException {
        lateNanos.clear();
        CountDownLatch cancelled = new CountDownLatch(RUNS);
        CountDownLatch blocked = new CountDownLatch(1);
        MessageClient client = MessageClient.builder().build();
        Disposable consuming = client.consumer("work", "workers", byte[].class)
                .concurrency(RUNS)
                .leaseTime(LEASE_TIME)
                .touch(TouchMode.NEVER)
                .handle(delivery -> untilCancelled(delivery, cancelled))
                .subscribe();
        client.publishAll(Flux.interval(Duration.ofMillis(1))
                        .take(RUNS)
                        .onBackpressureBuffer()
                        .map(i -> Message.to("work")))
                .blockLast(LIMIT);
        for (int i = 0; usersBlocked && i < Schedulers.DEFAULT_POOL_SIZE; i++) {
            Schedulers.parallel().schedule(() -> await(blocked));
        }
        cancelled.await(1, TimeUnit.MINUTES);
        blocked.countDown();
        consuming.dispose();
        client.close().block(LIMIT);
        report(late);
    }

    // What is left of the lease when the work starts tells when it must be cancelled.
    private Mono<Void> untilCancelled(Delivery<byte[]> delivery, CountDownLatch cancelled) {
        if (delivery.deliveryCount() > 1) {
            return Mono.never();
        }
        long deadline = System.nanoTime() + delivery.lease().remaining().toNanos();
        return Mono.<Void>never().doOnCancel(() -> {
            lateNanos.add(System.nanoTime() - deadline);
            cancelled.countDown();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(Late late) {
        long[] sorted = lateNanos.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length != RUNS) {
            throw new IllegalStateException(sorted.length + " runs were cancelled, not " + RUNS);
        }
        late.minMillis = sorted[0] / 1e6;
        late.p50Millis = sorted[RUNS / 2] / 1e6;
        late.p999Millis = sorted[RUNS - RUNS / 1000 - 1] / 1e6;
        late.maxMillis = sorted[RUNS - 1] / 1e6;
    }
}
