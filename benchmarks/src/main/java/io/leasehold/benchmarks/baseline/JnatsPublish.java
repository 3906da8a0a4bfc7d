package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Stopwatch;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** jnats publishes: {@code publishAsync} with a bounded number of futures that are not done, its best way. */
public final class JnatsPublish implements Trial {
    private final Connection connection;
    private final JetStream jetStream;
    private final Task task;
    private final boolean withId;
    private final byte[] body;

    private JnatsPublish(Task task, boolean withId) throws IOException {
        this.task = task;
        this.withId = withId;
        this.body = task.body();
        this.connection = JnatsConnection.open(task.url());
        this.jetStream = connection.jetStream();
    }

    /** Without ids: the server looks for no duplicates. */
    public static JnatsPublish plain(Task task) throws IOException {
        return new JnatsPublish(task, false);
    }

    /** With ids, as we publish. */
    public static JnatsPublish withIds(Task task) throws IOException {
        return new JnatsPublish(task, true);
    }

    @Override
    public double run() throws Exception {
        Stopwatch watch = Stopwatch.sampling(task.messages());
        Queue<CompletableFuture<PublishAck>> open = new ArrayDeque<>(task.window());
        for (int i = 0; i < task.messages(); i++) {
            if (open.size() == task.window()) {
                open.remove().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            open.add(publish(i, watch));
        }
        for (CompletableFuture<PublishAck> each : open) {
            each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        return watch.medianMicros();
    }

    private CompletableFuture<PublishAck> publish(int number, Stopwatch watch) {
        watch.begin(number);
        CompletableFuture<PublishAck> answer = withId
                ? jetStream.publishAsync(
                        task.subject(),
                        body,
                        PublishOptions.builder()
                                .messageId(Integer.toHexString(number))
                                .build())
                : jetStream.publishAsync(task.subject(), body);
        return watch.watches(number) ? answer.whenComplete((ack, error) -> watch.end(number)) : answer;
    }

    @Override
    public void close() throws IOException {
        JnatsConnection.close(connection);
    }
}
