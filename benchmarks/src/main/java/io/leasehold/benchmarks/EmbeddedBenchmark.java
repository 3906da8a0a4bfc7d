package io.leasehold.benchmarks;

import io.leasehold.MessageClient;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Publish, handle and ack on the embedded broker: one producer, concurrency 64, bodies of 128 bytes. One operation
 * is one message on its whole way, from {@code publishAll} to the outcome of its run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 7, time = 2)
public class EmbeddedBenchmark {
    private static final int MESSAGES = 200_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final byte[] body = new byte[128];
    private final MessageClient client = MessageClient.builder().build();
    private Disposable consuming = Disposables.disposed();
    private volatile CountDownLatch acked = new CountDownLatch(0);

    /** Starts to consume. */
    @Setup(Level.Trial)
    public void open() {
        consuming = client.consumer("work", "workers", byte[].class)
                .concurrency(64)
                .handle(delivery -> Mono.empty())
                .subscribe(this::count);
    }

    private void count(Outcome outcome) {
        if (outcome.kind() != Outcome.Kind.ACKED) {
            throw new IllegalStateException("not acked: " + outcome);
        }
        acked.countDown();
    }

    /** Stops and closes. */
    @TearDown(Level.Trial)
    public void close() {
        consuming.dispose();
        client.close().block(LIMIT);
    }

    /** All of it. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void publishHandleAck() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(MESSAGES);
        acked = latch;
        Message message = Message.to("work").body(body);
        client.publishAll(Flux.range(0, MESSAGES).map(i -> message)).blockLast(LIMIT);
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(latch.getCount() + " messages were not acked");
        }
    }
}
