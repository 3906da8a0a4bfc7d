package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.consume.Outcome;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What is written into a network that takes bytes and delivers none. */
@WithServers
class NatsHoleIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    @Test
    void aNakInAOneWayHoleIsGivenUpTogetherWithItsConnection() {
        AtomicInteger begun = new AtomicInteger();
        Sinks.Empty<Void> fails = Sinks.empty();
        Heard<Outcome> cutOff = ROOM.hear(ROOM.consumer(ROOM.client("cut off")).handle(delivery -> {
            begun.incrementAndGet();
            return fails.asMono().then(Mono.error(new IllegalStateException("not now")));
        }));
        Heard<?> receipt = ROOM.hear(ROOM.directClient("publisher").publish(ROOM.message("m")));

        ROOM.await("it runs", () -> receipt.hasCompleted() && begun.get() == 1);
        ROOM.proxy().hold(Direction.TO_SERVER);
        fails.tryEmitEmpty();
        ROOM.await("nobody answers the nak", () -> ROOM.told().count(Kind.CONNECTION_ABORTED) == 1);
        ROOM.await("it is told", () -> cutOff.values().size() == 1);
        assertThat(NatsRoom.kinds(cutOff)).containsExactly(Outcome.Kind.UNKNOWN);
        AtomicInteger runs = new AtomicInteger();
        Heard<Outcome> healthy = ROOM.hear(ROOM.consumer(ROOM.directClient("healthy"))
                .handle(delivery -> Mono.fromRunnable(runs::incrementAndGet)));
        ROOM.await("somebody else does it", () -> healthy.values().size() == 1);
        assertThat(NatsRoom.kinds(healthy)).containsExactly(Outcome.Kind.ACKED);
        ROOM.proxy().release();
        ROOM.await("nothing is held", () -> ROOM.held() == 0);

        assertThat(runs).hasValue(1);
        assertThat(begun).hasValue(1);
    }
}
