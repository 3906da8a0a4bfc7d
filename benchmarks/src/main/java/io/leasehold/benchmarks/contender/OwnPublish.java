package io.leasehold.benchmarks.contender;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.Collections;
import reactor.core.publisher.Flux;

/** We publish: {@code publishAll}. */
public final class OwnPublish implements Trial {
    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);

    private final MessageClient client;
    private final Task task;
    private final Message message;

    /** Whatever fails in passing is repeated with the same id: the default. */
    public static OwnPublish repeating(Task task) {
        return new OwnPublish(task, PublishSettings.builder());
    }

    /** Nothing is repeated, and so nothing has an id: what jnats does without ids. */
    public static OwnPublish once(Task task) {
        return new OwnPublish(task, PublishSettings.builder().retry(RetryPolicy.none()));
    }

    // Connects, and publishes one message to see that it can.
    private OwnPublish(Task task, PublishSettings.Builder settings) {
        this.task = task;
        this.message = Message.to(task.subject()).body(task.body());
        this.client = MessageClient.builder()
                .broker(NatsBroker.connect(task.url()))
                .publishing(settings.window(task.window()).timeout(LIMIT).build())
                .build();
        client.publish(message).block(LIMIT);
    }

    @Override
    public double run() throws Exception {
        Stopwatch watch = Stopwatch.sampling(task.messages());
        Countdown left = new Countdown(task.messages());
        int[] begun = new int[1];
        int[] ended = new int[1];
        // Without a number for each, which would be garbage of ours and not of the client.
        client.publishAll(Flux.fromIterable(Collections.nCopies(task.messages(), message))
                        .doOnNext(next -> watch.begin(begun[0]++)))
                .subscribe(
                        result -> {
                            watch.end(ended[0]++);
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
