package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.FaultProxy;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that only looks alive is found out in time for what was written into it. */
@WithServers
class NatsDeadConnectionIT {
    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    /** With the times that nobody has changed. */
    @ParameterizedTest
    @EnumSource
    void aPublishIntoAHoleIsWrittenAgainOnTheNextConnectionBeforeItsTimeout(Direction direction) {
        FaultProxy other = FaultProxy.to(room.server().port());
        try {
            MessageClient client = room.client(
                    "between two ways",
                    NatsSettings.builder()
                            .servers(room.proxy().url() + "," + other.url())
                            .build(),
                    builder -> builder.publishing(PublishSettings.defaults()));
            Heard<PublishReceipt> before = room.hear(client.publish(room.message("before")));
            room.await("the way is open", before::hasEnded);
            Heard<PublishReceipt> into = publishIntoAHole(client, "into the hole", other, direction);
            if (into.error() != null) {
                // There is a second to spare: a machine that stands still for longer may try again.
                into = publishIntoAHole(client, "into another one", other, direction);
            }
            assertThat(into.error()).as(room.told().events().toString()).isNull();
            assertThat(room.stored()).isBetween(2, 3);
        } finally {
            other.close();
        }
    }

    private static Heard<PublishReceipt> publishIntoAHole(
            MessageClient client, String body, FaultProxy other, Direction direction) {
        FaultProxy used = other.connections() > 0 ? other : room.proxy();
        used.hold(direction);
        Heard<PublishReceipt> into = room.hear(client.publish(room.message(body)));
        room.await("it has ended", into::hasEnded);
        used.release();
        return into;
    }

    /** At worst it dies just after it was asked, and is asked a little longer, in case we ourselves stood still. */
    @Test
    void byDefaultThatIsFoundOutASecondBeforeAPublishTimesOut() {
        NatsSettings timeouts = NatsSettings.defaults();
        Duration foundOut = timeouts.pingEvery()
                .plus(timeouts.pongTimeout())
                .plus(timeouts.pongTimeout().dividedBy(4));

        assertThat(foundOut.plusSeconds(1))
                .isLessThan(PublishSettings.defaults().timeout());
    }
}
