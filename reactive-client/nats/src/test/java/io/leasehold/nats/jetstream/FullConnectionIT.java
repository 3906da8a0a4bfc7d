package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.error.ErrorCode;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A connection that has no room for a subscription at the moment. */
@WithServers
class FullConnectionIT {
    // What one group needs, and little more.
    private static final int SUBSCRIPTIONS = 16;

    private static NatsSettings few(NatsSettings settings) {
        return settings.with(
                settings.connecting().mutate().subscriptions(SUBSCRIPTIONS).build());
    }

    @Test
    void leavesNobodyDeafForGood() {
        try (NatsServer server = NatsServer.start(NatsServers.newest());
                JetStreamRoom room =
                        new JetStreamRoom(server.port(), server.url(), Duration.ofSeconds(8), any -> any)) {
            BrokerSession session = room.open(server.url(), FullConnectionIT::few);
            TestConsumer first = room.member(session, "first", 1);
            room.bench().publishAll("first", "x");
            room.bench().until("it is held", () -> first.count() == 1);
            TestConsumer second = room.member(session, "second", 2);
            room.bench().publishAll("second", "y");
            room.bench().until("it is told", () -> second.troubles().contains(ErrorCode.CONNECTION_FULL));
            assertThat(((PullPort) second.port()).mode()).isEqualTo(MonitorMode.ACK_SUBJECTS);
            room.bench().until("it is acked", first.ack(first.last())::isOver);
            first.port().stop();

            String group = room.bench().group("second");
            String acks = "$JS.ACK." + NatsContract.stream(group) + "." + group;
            room.bench()
                    .until(
                            "it is listened to",
                            () -> server.monitor("/connz?subs=1").contains(acks));
            room.bench().until("it is acked", second.ack(second.last())::isOver);
        }
    }
}
