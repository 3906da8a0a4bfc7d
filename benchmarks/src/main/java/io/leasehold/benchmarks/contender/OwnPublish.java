package io.leasehold.benchmarks.contender;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import reactor.core.publisher.Flux;

/** We publish: {@code publishAll}. */
public final class OwnPublish implements Trial {
    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);

    private final MessageClient client;
    private final Task task;
    private final Message message;

    /** Connects, and publishes one message to see that it can. */
    public OwnPublish(Task task) {
        this.task = task;
        this.message = Message.to(task.subject()).body(task.body());
        this.client = MessageClient.builder()
                .broker(NatsBroker.connect(task.url()))
                .publishing(PublishSettings.builder()
                        .window(task.window())
                        .timeout(LIMIT)
                        .build())
                .build();
        client.publish(message).block(LIMIT);
    }

    @Override
    public double run() throws Exception {
        Stopwatch watch = Stopwatch.sampling(task.messages());
        Countdown left = new Countdown(task.messages());
        int[] next = new int[1];
        client.publishAll(Flux.range(0, task.messages()).map(i -> {
                    watch.begin(i);
                    return message;
                }))
                .subscribe(
                        result -> {
                            watch.end(next[0]++);
                            if (!result.isConfirmed()) {
                                left.failed(new IllegalStateException(result.toString()));
                            }
                            left.done();
                        },
                        left::failed);
        left.await();
        return watch.medianMicros();
    }

    @Override
    public void close() {
        client.close().block(LIMIT);
    }
}
