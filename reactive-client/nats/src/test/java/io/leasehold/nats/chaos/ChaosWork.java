package io.leasehold.nats.chaos;

import io.leasehold.consume.Delivery;
import io.leasehold.lease.FencingToken;
import io.leasehold.message.MessageId;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** What handlers do: mostly a little, sometimes for longer than a lease, sometimes wrong; drawn from the message. */
final class ChaosWork {
    private static final int TROUBLE_COUNT_MAX = 3;

    private final Witness witness;
    private final String who;
    private final String group;
    private final long seed;

    ChaosWork(Witness witness, String who, String group, long seed) {
        this.witness = witness;
        this.who = who;
        this.group = group;
        this.seed = seed;
    }

    /** One run, with its beginning and its end seen. */
    Mono<Void> on(Delivery<String> delivery) {
        Mono<Void> work = drawn(delivery);
        return Mono.defer(() -> {
            saw(delivery, Fact.What.STARTED, "");
            delivery.lease().lost().subscribe(loss -> saw(delivery, Fact.What.LOST, loss.name()), error -> {});
            return work.doFinally(end -> saw(delivery, whatOf(end), ""));
        });
    }

    private static Fact.What whatOf(SignalType end) {
        return switch (end) {
            case ON_COMPLETE -> Fact.What.COMPLETED;
            case CANCEL -> Fact.What.CANCELLED;
            default -> Fact.What.FAILED;
        };
    }

    private void saw(Delivery<String> delivery, Fact.What what, String note) {
        witness.saw(new Fact(System.nanoTime(), who, what, group, idOf(delivery), numberOf(delivery), 0, note));
    }

    private static String idOf(Delivery<String> delivery) {
        return delivery.id().map(MessageId::value).orElse("");
    }

    private static long numberOf(Delivery<String> delivery) {
        return delivery.lease().fencingToken().map(FencingToken::sequence).orElse(0L);
    }

    private Mono<Void> drawn(Delivery<String> delivery) {
        SplittableRandom random =
                new SplittableRandom(seed ^ Objects.hash(idOf(delivery), group, delivery.deliveryCount()) * 31L);
        int percent = random.nextInt(100);
        if (delivery.deliveryCount() == 2 && random.nextInt(100) < 20) {
            return takes(random, 1_000, 5_000);
        } else if (percent < 70) {
            return takes(random, 1, 30);
        } else if (percent < 86) {
            return takes(random, 100, 700);
        } else if (percent < 90) {
            return takes(random, 2_000, 10_000);
        } else if (delivery.deliveryCount() > TROUBLE_COUNT_MAX) {
            return Mono.empty();
        } else if (percent < 94) {
            return takes(random, 0, 50).then(Mono.error(new IllegalStateException("drawn")));
        } else if (percent < 97) {
            Duration delay = Duration.ofMillis(random.nextInt(percent == 94 ? 4_000 : 300));
            return takes(random, 0, 50).then(delivery.lease().nak(delay)).then(Mono.never());
        }
        return takes(random, 0, 50).then(delivery.lease().ack()).then(takes(random, 0, 50));
    }

    private static Mono<Void> takes(SplittableRandom random, int leastMillis, int mostMillis) {
        return Mono.delay(Duration.ofMillis(random.nextInt(leastMillis, mostMillis)))
                .then();
    }
}
