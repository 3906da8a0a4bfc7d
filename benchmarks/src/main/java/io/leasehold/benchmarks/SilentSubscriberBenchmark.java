package io.leasehold.benchmarks;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A subscriber of deliveries that never requests, while 10,000,000 messages are offered: those that the broker has no
 * room for are refused, visibly, and memory stays flat.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class SilentSubscriberBenchmark {
    private static final int OFFERED = 10_000_000;

    /** What is read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Silent {
        /** Heap after the first million, in MiB. */
        public double usedMiBAfterOneMillion;

        /** Heap after all, in MiB. */
        public double usedMiBAfterAll;

        /** Publishes that ended with a receipt or an error, in millions. */
        public double endedMillions;
    }

    /** All of it. */
    @Benchmark
    public void offer(Silent silent) {
        EmbeddedBroker broker = EmbeddedBroker.create(
                EmbeddedSettings.builder().capacityMessages(100_000).build());
        MessageClient client = MessageClient.builder().broker(broker).build();
        client.consumer("work", "workers", byte[].class).deliveries().subscribe(new BaseSubscriber<Delivery<byte[]>>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Never requests.
            }
        });
        LongAdder ended = new LongAdder();
        byte[] body = new byte[128];
        for (int i = 0; i < OFFERED; i++) {
            client.publish(Message.to("work").body(body))
                    .subscribe(receipt -> ended.increment(), error -> ended.increment());
            if (i == OFFERED / 10) {
                silent.usedMiBAfterOneMillion = LeaseFixture.usedBytes() / 1048576.0;
            }
        }
        silent.usedMiBAfterAll = LeaseFixture.usedBytes() / 1048576.0;
        client.close().block(Duration.ofMinutes(1));
        silent.endedMillions = ended.sum() / 1e6;
        broker.shutdown();
    }
}
