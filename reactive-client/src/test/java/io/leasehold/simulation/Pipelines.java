package io.leasehold.simulation;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** User code: what is done with deliveries, as a handler, in a pipeline, and by hand. */
final class Pipelines {
    private final SimClient client;

    Pipelines(SimClient client) {
        this.client = client;
    }

    /** The handler of {@code handle}. */
    Publisher<?> handle(Delivery<String> delivery) {
        Held held = client.heldOf(delivery);
        Manners manners = client.manners();
        client.oracle().workBegins(held);
        return switch (manners.ending()) {
            case THROWS -> throw Work.HandlerFault.INSTANCE;
            case RETURNS_NULL -> null;
            default -> new Work(held, delivery, manners);
        };
    }

    /** A handler that is never to be called. */
    Publisher<?> refuse(Delivery<String> delivery) {
        client.world().violate("P4", "a second subscription was given " + client.heldOf(delivery));
        return Mono.empty();
    }

    /** The pipeline of {@code through}. */
    Flux<Outcome> pipe(Flux<Delivery<String>> deliveries) {
        return deliveries.flatMap(
                delivery -> delivery.settleBy(work(delivery)),
                client.plan().consumer().limits().concurrency());
    }

    /** Takes one of {@code deliveries()} and deals with it, now, later or never. */
    void take(Delivery<String> delivery, Runnable askForMore) {
        boolean careful = client.cluster().isHealed();
        int way = careful ? 0 : client.world().random().nextInt(10);
        switch (way) {
            case 0 -> {
                delivery.keep();
                attach(delivery, askForMore);
            }
            case 1 -> {
                delivery.keep();
                long delay = client.world().random().nextLong(client.leaseNanos());
                client.userLane().after(delay, () -> attach(delivery, askForMore));
            }
            case 2 -> client.userLane().after(client.leaseNanos(), askForMore);
            case 3 -> {
                client.heldOf(delivery).ask(io.leasehold.lease.Verb.ACK);
                client.signals().follow("ack by hand", delivery.lease().ack());
                askForMore.run();
            }
            default -> attach(delivery, askForMore);
        }
    }

    private void attach(Delivery<String> delivery, Runnable askForMore) {
        client.signals().follow("settleBy", delivery.settleBy(work(delivery)), outcome -> {
            client.outcome(outcome);
            askForMore.run();
        });
    }

    // Each try subscribes it anew.
    private Publisher<Object> work(Delivery<String> delivery) {
        Held held = client.heldOf(delivery);
        return subscriber -> new Work(held, delivery, client.manners().returning()).subscribe(subscriber);
    }
}
