package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leasehold.Heard;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.WithServers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Servers from 2.14 can be told to write longer ack subjects, which name domain and account. */
@WithServers
class NatsLongAckSubjectIT {
    @RegisterExtension
    static final NatsRoom room = new NatsRoom("2.14.0", "feature_flags { js_ack_fc_v2: true }\n");

    @BeforeEach
    void onServersThatKnowThem() {
        assumeThat(room.server().binary().isAtLeast("2.14.0")).isTrue();
    }

    @Test
    void deliveriesAreAckedByThem() {
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> Mono.just(delivery.body())));
        int seen = room.raw().subscribe("$JS.ACK.*.*." + room.stream() + ".>");

        room.raw().flush();
        room.publish(10);
        room.await("all are done", () -> outcomes.values().size() == 10 && room.held() == 0);
        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        RawMessage ack = room.raw().next(seen);

        assertThat(ack.subject().split("\\.")).hasSizeGreaterThanOrEqualTo(11);
    }

    @Test
    void claimsAreHeardOnThem() {
        AtomicInteger begun = new AtomicInteger();
        Heard<Outcome> first = room.hear(room.consumer().touch(TouchMode.AUTO).handle(delivery -> {
            begun.incrementAndGet();
            return Mono.never();
        }));
        int seen = room.raw().subscribe("$JS.ACK.*.*." + room.stream() + ".>");

        room.raw().flush();
        room.publish("one");
        room.await("it is held", () -> begun.get() == 1);
        Heard<Outcome> second =
                room.hear(room.consumer(room.directClient("second")).handle(delivery -> Mono.just(delivery.body())));
        // The first touch shows where; a stranger then takes the message away.
        String subject = room.raw().next(seen).subject();
        room.raw().publish(subject, "-NAK");
        room.await(
                "one of them is told that it is somebody else's",
                () -> !room.told().losses().isEmpty());
        assertThat(room.told().losses().get(0)).isIn(LeaseLoss.SETTLED_ELSEWHERE, LeaseLoss.SUPERSEDED);
        room.await("the first run has ended", () -> first.values().size() == 1);

        assertThat(second.values().size()).isLessThanOrEqualTo(1);
    }
}
