package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.Countdown;
import io.leasehold.benchmarks.contender.Stopwatch;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** jnats consumes: {@code consume} with a handler that acks. */
public final class JnatsConsume implements Trial {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int BEST_BATCH = 5_000;
    private static final int BLOCKING_SHARE = 20;

    private final Connection connection;
    private final Task task;
    private final ConsumeOptions options;
    private final boolean confirmed;
    private final Stopwatch watch;
    private final Countdown left;
    private int handled;

    private JnatsConsume(Task task, ConsumeOptions options, boolean confirmed) throws IOException {
        this.task = task;
        this.options = options;
        this.confirmed = confirmed;
        this.watch = Stopwatch.each(task.messages());
        this.left = new Countdown(task.messages());
        this.connection = JnatsConnection.open(task.url());
    }

    /** As it is by default: pulls of 500, acks that are written. */
    public static Contender byDefault() {
        return new Contender("jnats", task -> new JnatsConsume(task, ConsumeOptions.DEFAULT_CONSUME_OPTIONS, false));
    }

    /** Pulls of 5,000, acks that are written. */
    public static Contender atItsBest() {
        return new Contender("jnats best", task -> new JnatsConsume(task, best(), false));
    }

    /** Acks that are answered: one after the other, since {@code ackSync} blocks. */
    public static Contender confirmed() {
        return new Contender("jnats ackSync", BLOCKING_SHARE, task -> new JnatsConsume(task, best(), true));
    }

    private static ConsumeOptions best() {
        return ConsumeOptions.builder().batchSize(BEST_BATCH).build();
    }

    @Override
    public double run() throws Exception {
        MessageConsumer consuming =
                connection.getConsumerContext(task.stream(), task.consumer()).consume(options, this::handle);
        try {
            left.await();
            task.acked().await();
        } finally {
            consuming.stop();
        }
        return watch.medianMicros();
    }

    private void handle(Message message) throws InterruptedException {
        if (confirmed) {
            int number = handled++;
            watch.begin(number);
            try {
                message.ackSync(LIMIT);
            } catch (TimeoutException e) {
                left.failed(e);
            }
            watch.end(number);
        } else {
            message.ack();
        }
        left.done();
    }

    @Override
    public void close() throws IOException {
        JnatsConnection.close(connection);
    }
}
