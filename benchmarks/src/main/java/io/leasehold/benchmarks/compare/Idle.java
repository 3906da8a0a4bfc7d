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
    // Servers of today take a thousand consumers of a stream by default.
    private static final int PER_STREAM = 500;

    static Idle run(Admin admin, int wanted) throws Exception {
        int consumers = wanted == 0 ? CONSUMERS : wanted;
        for (int first = 0; first < consumers; first += PER_STREAM) {
            admin.makeStream(stream(first), subject(first), StorageType.Memory);
        }
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.connect("nats://127.0.0.1:" + admin.server().port()))
                .build();
        Disposable.Composite running = Disposables.composite();
        try {
            return measure(admin, client, running, consumers);
        } finally {
            client.close().block(CLOSE);
            running.dispose();
            for (int first = 0; first < consumers; first += PER_STREAM) {
                admin.management().deleteStream(stream(first));
            }
        }
    }

    private static Idle measure(Admin admin, MessageClient client, Disposable.Composite running, int consumers)
            throws Exception {
        AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
        long heapBefore = liveBytes();
        long start = System.nanoTime();
        for (int i = 0; i < consumers; i++) {
            running.add(client.consumer(subject(i), "idle-" + i, byte[].class)
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
        int pulling = 0;
        while (pulling < consumers) {
            if (wrong.get() != null) {
                throw new IllegalStateException("a consumer failed", wrong.get());
            }
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException(pulling + " consumers have started, and not more");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            // Those of the last streams start last.
            int next = pulling / PER_STREAM * PER_STREAM;
            pulling = next + pullingIn(management, stream(next));
        }
    }

    private static int pullingIn(JetStreamManagement management, String stream) throws Exception {
        int pulling = 0;
        for (ConsumerInfo each : management.getConsumers(stream)) {
            pulling += each.getNumWaiting() > 0 ? 1 : 0;
        }
        return pulling;
    }

    private static String stream(int consumer) {
        return "IDLE-" + consumer / PER_STREAM;
    }

    private static String subject(int consumer) {
        return "idle." + consumer / PER_STREAM;
    }

    private static long liveBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
