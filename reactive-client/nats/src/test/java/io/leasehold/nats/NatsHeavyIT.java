package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.PublishSettings;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** Messages of which fewer fit into a connection than into the window. */
@WithServers
class NatsHeavyIT {
    private static final int COUNT = 3_000;
    private static final int BYTES = 16 * 1_024;

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    @Test
    void manyOfThemWaitForTheConnectionInsteadOfBeingRefused() {
        MessageClient client = ROOM.client(
                "once",
                builder -> builder.publishing(PublishSettings.builder()
                        .window(4_096)
                        .timeout(NatsRoom.LIMIT)
                        .retry(RetryPolicy.none())
                        .build()));
        ROOM.hear(client.publish(Message.to(ROOM.topic("nc")).body("warm")));
        ROOM.await("a connection", () -> ROOM.stored() == 1);
        ROOM.proxy().hold(Direction.TO_SERVER);
        Message heavy = Message.to(ROOM.topic("nc")).body(new byte[BYTES]);
        Heard<PublishResult> results =
                ROOM.hear(client.publishAll(Flux.fromIterable(Collections.nCopies(COUNT, heavy))));
        ROOM.proxy().release();
        ROOM.await("published", results::hasEnded);

        assertThat(results.values()).hasSize(COUNT).allMatch(PublishResult::isConfirmed);
        assertThat(ROOM.stored()).isEqualTo(COUNT + 1);
    }
}
