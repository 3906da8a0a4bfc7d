package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server may answer before whoever asked has got any further. */
class AtOnceIT {
    private final ScriptedServer server =
            new ScriptedServer(Duration.ofMinutes(1).toNanos());
    private final MessageClient client =
            MessageClient.builder().broker(NatsBroker.connect(server.url())).build();

    @AfterEach
    void close() {
        client.close().block(RawNats.LIMIT);
        server.close();
    }

    @Test
    @Scenario(18)
    void anAnswerThatComesAtOnceFindsWhoWaitsForIt() {
        for (int i = 0; i < 20; i++) {
            Message message = Message.to("S.a").id("m" + i).body("m");
            assertThat(client.publish(message).block(RawNats.LIMIT).sequence()).isEqualTo(7);
        }
        assertThat(server.sent())
                .as("written once each")
                .filteredOn(each -> each.subject().equals("S.a"))
                .hasSize(20);
    }
}
