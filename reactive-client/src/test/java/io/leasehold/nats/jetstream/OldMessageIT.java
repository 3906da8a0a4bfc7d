package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.TestConsumer;
import io.leasehold.broker.TestSettle;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server that restarts counts an untouched lease from when its message was stored. */
@EachServer
class OldMessageIT {
    private static final Duration T = Duration.ofSeconds(6);
    // By then a server that counts from the storing has given an old message to somebody else.
    private static final Duration RESTARTED = Duration.ofSeconds(3);

    private final NatsServer server;

    OldMessageIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void aMessageThatWaitedForLongKeepsItsLeaseOverARestart() {
        try (JetStreamRoom room = new JetStreamRoom(server.port(), server.url(), T, any -> any)) {
            TestConsumer holder = room.member(room.bench().session(), "work", 0);
            room.bench().publishAll("work", "old");
            room.bench().elapse(T.plusSeconds(1));
            holder.credit(1);
            room.bench().until("it is held", () -> holder.count() == 1);
            BrokerSession others = room.open(server.url(), any -> any);
            TestConsumer other = room.member(others, "work", 1);
            room.bench().elapse(Duration.ofMillis(400));
            server.restart();
            room.bench()
                    .until(
                            "both are back",
                            () -> others.health().reachable()
                                    && room.bench().session().health().reachable());
            room.bench().elapse(RESTARTED);
            assertThat(other.count()).isZero();
            TestSettle ack = holder.ack(holder.last());
            room.bench().until("it is acked", ack::isOver);
        }
    }
}
