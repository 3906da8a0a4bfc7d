package io.leasehold.benchmarks.contender;

import io.leasehold.MessageClient;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.nats.NatsBroker;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** We consume: {@code handle} under leases. */
public final class OwnConsume implements Trial {
    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);
    private static final int CONCURRENCY = 256;
    private static final int PREFETCH = 1_024;

    private final MessageClient client;
    private final MessageConsumer<byte[]> consumer;
    private final Task task;

    private OwnConsume(Task task, SettlementLevel level, int prefetch) {
        this.task = task;
        this.client =
                MessageClient.builder().broker(NatsBroker.connect(task.url())).build();
        this.consumer = client.consumer(task.subject(), task.consumer(), byte[].class)
                .concurrency(CONCURRENCY)
                .prefetch(prefetch)
                .maxWaiting(prefetch)
                .settlement(level);
    }

    /** At most 256 are held. */
    public static Contender of(SettlementLevel level) {
        return new Contender("leasehold", task -> new OwnConsume(task, level, 0));
    }

    /** Others wait beside the 256 that run. */
    public static Contender prefetching(SettlementLevel level) {
        return new Contender("leasehold prefetch", task -> new OwnConsume(task, level, PREFETCH));
    }

    @Override
    public double run() throws Exception {
        Countdown left = new Countdown(task.messages());
        Disposable consuming = consumer.handle(delivery -> Mono.empty())
                .subscribe(
                        outcome -> {
                            if (outcome.kind() != Outcome.Kind.ACKED) {
                                left.failed(new IllegalStateException(outcome.toString()));
                            }
                            left.done();
                        },
                        left::failed);
        try {
            left.await();
            task.acked().await();
        } finally {
            consuming.dispose();
        }

        return Double.NaN;
    }

    @Override
    public void close() {
        client.close().block(LIMIT);
    }
}
