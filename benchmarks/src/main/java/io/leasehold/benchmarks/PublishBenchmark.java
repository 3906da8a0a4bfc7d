package io.leasehold.benchmarks;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.TaskLoops;
import io.leasehold.publish.PublishContext;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.PublishSettings;
import io.leasehold.publish.Publishing;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * What publishing costs without a broker, per message: the way into the window, the answer, the hop to the user
 * scheduler and the result. The message itself is made once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PublishBenchmark {
    private static final int MESSAGES = 100_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Where the broker's answer comes from. */
    public enum Answers {
        /** Within the call. */
        INLINE,
        /** From another thread, in bursts. */
        ELSEWHERE
    }

    @Param
    private Answers answers = Answers.INLINE;

    private final Scheduler time = Schedulers.newSingle("time");
    private final Scheduler broker = Schedulers.newSingle("broker");
    private final Scheduler user = Schedulers.newParallel("user", 2);
    private final Message message = Message.to("bench.topic").body(new byte[128]);
    private Publishing publishing = open(PublishItem::tryWrite);

    private Publishing open(PublishPort port) {
        PublishContext context = new PublishContext(
                port,
                PublishSettings.defaults(),
                Codecs.builtIn(),
                new Ticker(time),
                time,
                new TaskLoops(user, 2, Recorder.NONE::fault),
                Recorder.NONE,
                List.of());
        return Publishing.open(context);
    }

    /** Opens the publishing with a port of the wanted kind. */
    @Setup(Level.Trial)
    public void open() {
        publishing = open(answers == Answers.INLINE ? PublishBenchmark::confirm : new Elsewhere(broker));
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void close() {
        publishing.close().block(LIMIT);
        time.dispose();
        broker.dispose();
        user.dispose();
    }

    private static void confirm(PublishItem item) {
        if (item.tryWrite()) {
            item.confirmed(1, false);
        }
    }

    /** Many in one Flux. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public @Nullable PublishResult publishAll() {
        return publishing
                .publisher()
                .publishAll(Flux.fromIterable(Collections.nCopies(MESSAGES, message)))
                .blockLast(LIMIT);
    }

    /**
     * One after the other, told where the answer is; with answers from elsewhere this measures how a thread wakes.
     */
    @Benchmark
    public @Nullable PublishReceipt publishOneImmediately() {
        return publishing
                .publisher()
                .signalOn(Schedulers.immediate())
                .publish(message)
                .block(LIMIT);
    }

    /** One after the other, each waiting for the one before, with the hop to the user scheduler. */
    @Benchmark
    public @Nullable PublishReceipt publishOne() {
        return publishing.publisher().publish(message).block(LIMIT);
    }

    /** Confirms from its own thread, one hop per burst, as a connection does. */
    private static final class Elsewhere implements PublishPort, Runnable {
        private final Queue<PublishItem> items =
                Queues.<PublishItem>unboundedMultiproducer().get();
        private final AtomicInteger work = new AtomicInteger();
        private final Scheduler thread;

        Elsewhere(Scheduler thread) {
            this.thread = thread;
        }

        @Override
        public void publish(PublishItem item) {
            items.offer(item);
            if (work.getAndIncrement() == 0) {
                thread.schedule(this);
            }
        }

        @Override
        public void run() {
            int missed = work.get();
            do {
                for (PublishItem item = items.poll(); item != null; item = items.poll()) {
                    confirm(item);
                }
                missed = work.addAndGet(-missed);
            } while (missed != 0);
        }
    }
}
