package io.leasehold.benchmarks.contender;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** We publish and consume over one connection at an even pace: from the call to the call of the handler. */
public final class OwnEndToEnd implements Trial {
    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);
    private static final int CONCURRENCY = 256;

    private final MessageClient client;
    private final Task task;
    private final int perSecond;

    private OwnEndToEnd(Task task, int perSecond) {
        this.task = task;
        this.perSecond = perSecond;
        this.client =
                MessageClient.builder().broker(NatsBroker.connect(task.url())).build();
    }

    /** So many messages in a second. */
    public static Contender at(int perSecond) {
        return new Contender("leasehold", task -> new OwnEndToEnd(task, perSecond));
    }

    @Override
    public double run() throws Exception {
        Stopwatch watch = Stopwatch.each(task.messages());
        Countdown left = new Countdown(task.messages());
        Disposable consuming = client.consumer(task.subject(), task.consumer(), byte[].class)
                .concurrency(CONCURRENCY)
                .handle(delivery -> {
                    watch.end(Numbered.in(delivery.body()));
                    return Mono.empty();
                })
                .subscribe(outcome -> left.done(), left::failed);
        try {
            Pacer.send(task.messages(), perSecond, i -> {
                Message message = Message.to(task.subject()).body(Numbered.body(task.bodyBytes(), i));
                watch.begin(i);
                client.publish(message).subscribe(receipt -> {}, left::failed);
            });
            left.await();
        } finally {
            consuming.dispose();
        }

        return watch.medianMicros();
    }

    @Override
    public void close() {
        client.close().block(LIMIT);
    }
}
