package io.leasehold.nats.chaos;

import io.leasehold.MessageClient;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.FencingToken;
import io.leasehold.message.MessageId;
import io.leasehold.nats.NatsBroker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/**
 * An instance in a process of its own: holds each message for a while, then has an effect on a {@link FencedStore},
 * then acks. Words: name, server, topic family, port of the store, milliseconds for even and for odd messages.
 */
final class Holder {
    static final String GROUP = "holders";
    static final Duration LEASE = Duration.ofSeconds(6);
    private static final int CONCURRENCY = 128;

    private final String name;
    private final int store;
    private final long[] holdMillis;

    private Holder(String... words) {
        name = words[0];
        store = Integer.parseInt(words[3]);
        holdMillis = new long[] {Long.parseLong(words[4]), Long.parseLong(words[5])};
    }

    public static void main(String... words) throws InterruptedException {
        Holder holder = new Holder(words);
        MessageClient client = MessageClient.builder()
                .name(words[0])
                .broker(new WatchedBroker(NatsBroker.connect(words[1]), Holder::print))
                .build();
        client.consumer(words[2] + ".>", GROUP, String.class)
                .concurrency(CONCURRENCY)
                .leaseTime(LEASE)
                .startFrom(StartPosition.EARLIEST)
                .handle(holder::hold)
                .subscribe(holder::ended);
        System.out.println("begun");
        // All threads of a client are daemons.
        new CountDownLatch(1).await();
    }

    private static void print(Fact fact) {
        System.out.println(fact.line());
    }

    private Mono<Void> hold(Delivery<String> delivery) {
        String id = delivery.id().map(MessageId::value).orElse("");
        String token = delivery.lease().fencingToken().map(FencingToken::text).orElse("");
        Duration time = Duration.ofMillis(holdMillis[Integer.parseInt(id.substring(1)) % 2]);
        return Mono.defer(() -> {
            saw(delivery, id, Fact.What.STARTED, "");
            return Mono.delay(time)
                    .then(Mono.fromCallable(() -> FencedStore.ask(store, name, id, token))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .then()
                    .doFinally(end -> saw(delivery, id, whatOf(end), ""));
        });
    }

    private static Fact.What whatOf(SignalType end) {
        return switch (end) {
            case ON_COMPLETE -> Fact.What.COMPLETED;
            case CANCEL -> Fact.What.CANCELLED;
            default -> Fact.What.FAILED;
        };
    }

    private void saw(Delivery<String> delivery, String id, Fact.What what, String note) {
        long number =
                delivery.lease().fencingToken().map(FencingToken::sequence).orElse(0L);
        print(new Fact(System.nanoTime(), name, what, GROUP, id, number, 0, note));
    }

    private void ended(Outcome outcome) {
        String id = outcome.id() == null ? "" : outcome.id().value();
        print(new Fact(
                System.nanoTime(), name, Fact.What.OUTCOME, GROUP, id, 0, 0, outcome.kind() + " " + outcome.loss()));
    }
}
