package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.baseline.RawPublish;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Makes streams and consumers, the same for all sides, and looks at them. Outside of what is measured. */
final class Admin implements Closeable {
    static final String STREAM = "COMPARED";
    static final String CONSUMER = "workers";

    private static final String SUBJECT = "compared.messages";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(Trial.LIMIT_SECONDS);

    private final NatsProcess server;
    private final Connection connection;
    private final JetStreamManagement management;

    Admin(NatsProcess server) throws IOException, InterruptedException {
        this.server = server;
        this.connection = Nats.connect("nats://127.0.0.1:" + server.port());
        this.management = connection.jetStreamManagement(
                JetStreamOptions.builder().requestTimeout(PATIENCE).build());
    }

    JetStreamManagement management() {
        return management;
    }

    NatsProcess server() {
        return server;
    }

    /** A stream, as the workload wants it, and what is to be done with it. */
    Task begin(Workload workload, int messages, int window) throws Exception {
        makeStream(STREAM, "compared.>", workload.storage());
        Task task = new Task(
                server.port(), STREAM, SUBJECT, CONSUMER, messages, workload.bodyBytes(), window, this::awaitAcked);
        if (workload.kind() != Workload.Kind.PUBLISH) {
            makeConsumer();
        }
        if (workload.kind() == Workload.Kind.CONSUME) {
            try (RawPublish fill = RawPublish.plain(task)) {
                fill.run();
            }
        }

        return task;
    }

    void makeStream(String name, String subject, StorageType storage) throws IOException, JetStreamApiException {
        management.addStream(StreamConfiguration.builder()
                .name(name)
                .subjects(subject)
                .storageType(storage)
                .build());
    }

    private void makeConsumer() throws IOException, JetStreamApiException {
        management.addOrUpdateConsumer(
                STREAM,
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .filterSubject(SUBJECT)
                        .ackPolicy(AckPolicy.Explicit)
                        .maxAckPending(-1)
                        .build());
    }

    /** Removes what a workload has left. */
    void end() throws IOException, JetStreamApiException {
        management.deleteStream(STREAM);
    }

    private void awaitAcked() throws IOException, JetStreamApiException, TimeoutException {
        long until = System.nanoTime() + LIMIT_NANOS;
        ConsumerInfo info = management.getConsumerInfo(STREAM, CONSUMER);
        while (info.getNumPending() > 0 || info.getNumAckPending() > 0) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException(info.getNumAckPending() + " acks are missing at the server");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            info = management.getConsumerInfo(STREAM, CONSUMER);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
