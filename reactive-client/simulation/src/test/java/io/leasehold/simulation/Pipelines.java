package io.leasehold.simulation;

import io.leasehold.consume.Deliveries;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** User code: what is done with deliveries, as a handler, in a pipeline, and by hand. */
final class Pipelines {
    private static final int GATHERED_MAX = 2;

    private final SimClient client;
    private final List<Delivery<String>> gathered = new ArrayList<>();

    Pipelines(SimClient client) {
        this.client = client;
    }

    /** The handler of {@code handle}. */
    Publisher<?> handle(Delivery<String> delivery) {
        WatchedDelivery held = client.heldOf(delivery);
        Manners manners = client.manners();
        client.oracle().workBegins(held);
        return switch (manners.ending()) {
            case THROWS -> throw WatchedWork.HandlerFault.INSTANCE;
            case THROWS_FATALLY -> throw WatchedWork.fatal(client);
            case RETURNS_NULL -> null;
            default -> new WatchedWork(client, List.of(delivery), manners);
        };
    }

    /** The handler of {@code handleBatch}. */
    Publisher<?> handleTogether(List<Delivery<String>> deliveries) {
        Manners manners = client.manners().together();
        boolean settles =
                client.plan().extras().membersSettled() && !client.cluster().isHealed();
        if (settles && client.world().random().nextBoolean()) {
            manners = manners.settling(client.world().random());
        }
        for (Delivery<String> delivery : deliveries) {
            client.oracle().workBegins(client.heldOf(delivery));
        }
        return switch (manners.ending()) {
            case THROWS -> throw WatchedWork.HandlerFault.INSTANCE;
            case THROWS_FATALLY -> throw WatchedWork.fatal(client);
            case RETURNS_NULL -> null;
            default -> new WatchedWork(client, deliveries, manners);
        };
    }

    /** A handler that is never to be called. */
    Publisher<?> refuse(Delivery<String> delivery) {
        client.world().violate("P4", "a second subscription was given " + client.heldOf(delivery));
        return Mono.empty();
    }

    /** The pipeline of {@code through}. */
    Flux<Outcome> pipe(Flux<Delivery<String>> deliveries) {
        return ended(deliveries)
                .flatMap(
                        delivery -> {
                            client.oracle().handedOver(client.heldOf(delivery));
                            return delivery.settleBy(work(delivery));
                        },
                        client.plan().consumer().limits().concurrency());
    }

    // After some time, or after some deliveries, the pipeline wants no more, and works off what it has.
    private Flux<Delivery<String>> ended(Flux<Delivery<String>> deliveries) {
        if (!client.plan().extras().sourceEnds() || client.cluster().isHealed()) {
            return deliveries;
        }
        long random = client.world().random().nextLong(2 * client.leaseNanos());
        return client.world().random().nextInt(3) == 0
                ? deliveries.take(1 + random % 3)
                : deliveries.takeUntilOther(new Later(client.userLane(), random, () -> {}, () -> {}));
    }

    /** Takes one of {@code deliveries()} and deals with it, now, later or never. */
    void take(Delivery<String> delivery, Runnable askForMore) {
        client.oracle().handedOver(client.heldOf(delivery));
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
                client.heldOf(delivery).ask(io.leasehold.lease.SettleVerb.ACK);
                client.signals().follow("ack by hand", delivery.lease().ack());
                askForMore.run();
            }
            case 4, 5 -> {
                delivery.keep();
                gather(delivery, askForMore);
            }
            default -> attach(delivery, askForMore);
        }
    }

    // Does one piece of work on several of them, when there are enough or when it has taken too long.
    private void gather(Delivery<String> delivery, Runnable askForMore) {
        gathered.add(delivery);
        askForMore.run();
        if (gathered.size() >= GATHERED_MAX) {
            attachGathered();
        } else if (gathered.size() == 1) {
            client.userLane().after(client.world().random().nextLong(client.leaseNanos() / 2), this::attachGathered);
        }
    }

    private void attachGathered() {
        List<Delivery<String>> together = List.copyOf(gathered);
        gathered.clear();
        Flux<Outcome> outcomes = Deliveries.settleBy(together, workOn(together))
                .doOnNext(client::outcome)
                // One of them was given back meanwhile: the others are worked on one by one.
                .doOnError(error -> together.forEach(delivery -> attach(delivery, () -> {})));
        client.signals().follow("settleBy of " + together.size(), outcomes.then());
    }

    private void attach(Delivery<String> delivery, Runnable askForMore) {
        client.signals().follow("settleBy", delivery.settleBy(work(delivery)), outcome -> {
            client.outcome(outcome);
            askForMore.run();
        });
    }

    // Each try subscribes it anew.
    private Publisher<Object> work(Delivery<String> delivery) {
        return subscriber ->
                new WatchedWork(client, List.of(delivery), client.manners().returning()).subscribe(subscriber);
    }

    private Publisher<Object> workOn(List<Delivery<String>> deliveries) {
        return subscriber ->
                new WatchedWork(client, deliveries, client.manners().together().returning()).subscribe(subscriber);
    }
}
