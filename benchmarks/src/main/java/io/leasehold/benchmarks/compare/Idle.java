package io.leasehold.benchmarks.compare;

import io.leasehold.MessageClient;
import io.leasehold.nats.NatsBroker;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StorageType;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Very many consumers of ours on one connection that have nothing to do.
 *
 * @param consumers how many
 * @param startSeconds until the server has a pull of each
 * @param bytesEach heap that is live then, and was not before
 * @param cpuShare of one core, ours, while nothing happens
 */
record Idle(int consumers, double startSeconds, double bytesEach, double cpuShare) {
    static final String NAME = "idle";

    private static final int CONSUMERS = 10_000;
    private static final double SECOND = 1e9;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(180);
    private static final Duration CLOSE = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final String SUBJECT = "compared.idle";

    static Idle run(Admin admin, int wanted) throws Exception {
        int consumers = wanted == 0 ? CONSUMERS : wanted;
        admin.makeStream(StorageType.Memory);
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.connect("nats://127.0.0.1:" + admin.server().port()))
                .build();
        Disposable.Composite running = Disposables.composite();
        try {
            return measure(admin, client, running, consumers);
        } finally {
            client.close().block(CLOSE);
            running.dispose();
            admin.end();
        }
    }

    private static Idle measure(Admin admin, MessageClient client, Disposable.Composite running, int consumers)
            throws Exception {
        AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
        long heapBefore = liveBytes();
        long start = System.nanoTime();
        for (int i = 0; i < consumers; i++) {
            running.add(client.consumer(SUBJECT, "idle-" + i, byte[].class)
                    .leaseTime(LEASE)
                    .handle(delivery -> Mono.empty())
                    .subscribe(outcome -> {}, error -> wrong.compareAndSet(null, error)));
        }
        awaitPulls(admin.management(), consumers, wrong);
        double seconds = (System.nanoTime() - start) / SECOND;
        long heap = liveBytes() - heapBefore;
        Costs before = Costs.before(admin.server().pid());
        LockSupport.parkNanos(IDLE_NANOS);
        Costs costs = Costs.since(before, admin.server().pid());
        return new Idle(consumers, seconds, (double) heap / consumers, (double) costs.client() / costs.nanos());
    }

    // Asking for all of them is work for the server, so it is asked at a distance.
    private static void awaitPulls(
            JetStreamManagement management, int consumers, AtomicReference<@Nullable Throwable> wrong)
            throws Exception {
        long until = System.nanoTime() + LIMIT_NANOS;
        while (management.getConsumerNames(Admin.STREAM).size() < consumers || !allPull(management)) {
            if (wrong.get() != null) {
                throw new IllegalStateException("a consumer failed", wrong.get());
            }
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException("the consumers have not started");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean allPull(JetStreamManagement management) throws Exception {
        for (ConsumerInfo each : management.getConsumers(Admin.STREAM)) {
            if (each.getNumWaiting() == 0) {
                return false;
            }
        }
        return true;
    }

    private static long liveBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
