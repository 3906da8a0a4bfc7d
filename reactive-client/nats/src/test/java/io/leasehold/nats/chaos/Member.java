package io.leasehold.nats.chaos;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.consume.Outcome;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.pace.Backoff;
import io.leasehold.publish.PublishException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A client as users have them: it publishes under ids, and consumes in each group with handlers. */
final class Member implements AutoCloseable {
    /** What it remarks when it publishes no more and all publishes have ended. */
    static final String DONE = "publishes no more";

    /** What it remarks of a group whose consumer has ended by itself. */
    static final String ENDED = " ended by itself: ";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int CONCURRENCY = 24;
    private static final int TRIES = 4;
    private static final int KEYS = 40;
    private static final int ALWAYS = 100_000;

    // As little room as may be, and messages that fill it when a server is away for some seconds.
    private static final int PENDING_BYTES = 64 * 1_024;
    private static final int REQUESTS = 4_096;
    private static final int LARGE_ONE_IN = 5;
    private static final String LARGE = "x".repeat(5_000);

    private static final Set<MessagingEvent.Kind> TOLD = Set.of(
            MessagingEvent.Kind.CONNECTED,
            MessagingEvent.Kind.DISCONNECTED,
            MessagingEvent.Kind.SERVER_LEAVING,
            MessagingEvent.Kind.CONNECTION_ABORTED,
            MessagingEvent.Kind.CANCEL_STARVED,
            MessagingEvent.Kind.CLOCK_MISSED,
            MessagingEvent.Kind.TROUBLE,
            MessagingEvent.Kind.GONE,
            MessagingEvent.Kind.GROUP_DELETED,
            MessagingEvent.Kind.FAULT);

    private final String name;
    private final Traffic traffic;
    private final Witness witness;
    private final MessageClient client;
    private volatile boolean closing;
    // Publishing as a whole is one of them.
    private final AtomicInteger open = new AtomicInteger(1);
    private final Disposable.Composite running = Disposables.composite();

    Member(String name, String servers, Traffic traffic, Witness witness) {
        this.name = name;
        this.traffic = traffic;
        this.witness = witness;
        client = MessageClient.builder()
                .name(name)
                .broker(new WatchedBroker(NatsBroker.of(settings(servers, traffic.replicas())), witness))
                .build();
    }

    private static NatsSettings settings(String servers, int replicas) {
        NatsSettings settings = NatsSettings.builder()
                .servers(servers)
                // Else it would learn of ways around the proxies.
                .discoverServers(false)
                .replicas(replicas)
                .maxAge(Duration.ofHours(1))
                .duplicateWindow(Duration.ofMinutes(10))
                .build();
        return settings.with(settings.connecting()
                .mutate()
                .pendingBytes(PENDING_BYTES)
                .requests(REQUESTS)
                .subscriptions(REQUESTS)
                .build());
    }

    void begin() {
        running.add(client.events()
                .filter(event -> TOLD.contains(event.kind()))
                .subscribe(event ->
                        remark(event.kind() + " " + event.subject() + " " + event.code() + " " + event.details())));
        Traffic.GROUPS.forEach(this::consume);
        running.add(Flux.interval(Duration.ofMillis(1_000 / traffic.perSecond()))
                .onBackpressureDrop()
                .take(traffic.publishing())
                .doFinally(end -> publishEnded())
                .subscribe(this::publish));
    }

    // ---- consuming

    private void consume(String group) {
        ChaosWork work = new ChaosWork(witness, name, group, traffic.seed());
        var plain = client.consumer(traffic.family() + ".>", group, String.class)
                .concurrency(CONCURRENCY)
                .leaseTime(Traffic.LEASE)
                .maxDeliveries(ALWAYS)
                .redelivery(Backoff.builder()
                        .first(Duration.ofMillis(50))
                        .max(Duration.ofSeconds(1))
                        .jitter(0.5)
                        .build());
        var consumer = group.equals("keyed") ? plain.keyed() : plain;
        running.add(Flux.defer(() -> consumer.handle(work::on))
                .doOnError(error -> remark(group + (closing ? " has ended: " : ENDED) + error))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE))
                .subscribe(outcome -> ended(group, outcome)));
    }

    private void ended(String group, Outcome outcome) {
        String id = outcome.id() == null ? "" : outcome.id().value();
        String note = outcome.kind() + (outcome.loss() == null ? "" : " " + outcome.loss()) + " count "
                + outcome.deliveryCount() + (outcome.code() == null ? "" : " " + outcome.code());
        witness.saw(new Fact(System.nanoTime(), name, Fact.What.OUTCOME, group, id, 0, 0, note));
    }

    // ---- publishing

    private void publish(long number) {
        String id = name + "-" + number;
        open.incrementAndGet();
        witness.saw(Fact.publish(name, Fact.What.PUBLISHED, id, ""));
        publish(id, number, 1).doFinally(end -> publishEnded()).subscribe();
    }

    private void publishEnded() {
        if (open.decrementAndGet() == 0) {
            remark(DONE);
        }
    }

    // Under the same id: whether it had been stored or not.
    private Mono<Void> publish(String id, long number, int tries) {
        Message message = Message.to(traffic.family() + "." + name)
                .id(id)
                .key("k" + number % KEYS)
                .body(number % LARGE_ONE_IN == 0 ? LARGE : id);
        return client.publish(message)
                .doOnNext(receipt -> witness.saw(Fact.publish(
                        name, Fact.What.CONFIRMED, id, receipt.sequence() + (receipt.duplicate() ? " again" : ""))))
                .then()
                .onErrorResume(error -> {
                    witness.saw(Fact.publish(name, Fact.What.UNCONFIRMED, id, codeOf(error)));
                    return tries == TRIES || closing
                            ? Mono.empty()
                            : Mono.delay(PAUSE).then(Mono.defer(() -> publish(id, number, tries + 1)));
                });
    }

    private static String codeOf(Throwable error) {
        boolean unknown = error instanceof PublishException publish && publish.isUnknown();
        return MessagingException.codeOf(error) + (unknown ? " unknown" : "");
    }

    private void remark(String text) {
        witness.saw(Fact.of(name, Fact.What.REMARK, text));
    }

    /** Ends it in whatever order, where there is nobody to settle with. */
    void leave() {
        closing = true;
        running.dispose();
        client.close().onErrorComplete().block(LIMIT);
    }

    /** Ends it in order; throws when that takes too long, or leaves publishes without an end. */
    @Override
    public void close() {
        closing = true;
        client.closeGracefully(Duration.ofSeconds(1)).block(LIMIT);
        running.dispose();
        Threads.await("the end of all publishes", LIMIT, () -> open.get() == 0);
    }
}
