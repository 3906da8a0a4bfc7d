package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.Countdown;
import io.leasehold.benchmarks.contender.Numbered;
import io.leasehold.benchmarks.contender.Pacer;
import io.leasehold.benchmarks.contender.Stopwatch;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.MessageConsumer;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** jnats publishes and consumes over one connection at an even pace. */
public final class JnatsEndToEnd implements Trial {
    private final Connection connection;
    private final Task task;
    private final int perSecond;

    private JnatsEndToEnd(Task task, int perSecond) throws IOException {
        this.task = task;
        this.perSecond = perSecond;
        this.connection = JnatsConnection.open(task.url());
    }

    /** So many messages in a second. */
    public static Contender at(int perSecond) {
        return new Contender("jnats", task -> new JnatsEndToEnd(task, perSecond));
    }

    @Override
    public double run() throws Exception {
        Stopwatch watch = Stopwatch.each(task.messages());
        Countdown left = new Countdown(task.messages());
        JetStream jetStream = connection.jetStream();
        MessageConsumer consuming = connection
                .getConsumerContext(task.stream(), task.consumer())
                .consume(message -> {
                    watch.end(Numbered.in(message.getData()));
                    message.ack();
                    left.done();
                });
        try {
            Pacer.send(task.messages(), perSecond, i -> {
                byte[] body = Numbered.body(task.bodyBytes(), i);
                watch.begin(i);
                CompletableFuture<PublishAck> answer = jetStream.publishAsync(task.subject(), body);
                answer.exceptionally(error -> {
                    left.failed(error);
                    return null;
                });
            });
            left.await();
        } finally {
            consuming.stop();
        }

        return watch.medianMicros();
    }

    @Override
    public void close() throws IOException {
        JnatsConnection.close(connection);
    }
}
