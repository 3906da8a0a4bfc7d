package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.consume.Outcome;
import io.leasehold.nats.server.WithServers;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What carries the bytes. With {@code -Dtest.transport=io_uring} that is on the class path, and must be used. */
@WithServers
class TransportIT {
    private static final String NATIVE = System.getProperty("test.transport", Epoll.isAvailable() ? "epoll" : "nio");

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private static void assertGoesThrough(MessageClient client, String transport) {
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer(client).handle(delivery -> Mono.empty()));
        for (int i = 0; i < 100; i++) {
            ROOM.raw().publish(ROOM.topic("nc"), "m" + i);
        }
        ROOM.await("all are acked", () -> outcomes.values().size() == 100);
        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        ROOM.hear(client.publish(ROOM.message("ours")));
        ROOM.await("ours is, too", () -> outcomes.values().size() == 101);
        assertThat(Threads.ours())
                .anyMatch(name -> name.startsWith("leasehold-nats") && name.contains("-" + transport + "-"));
    }

    @Test
    void whatThePlatformHasIsUsed() {
        assertGoesThrough(ROOM.client(), NATIVE);
    }

    @Test
    void nioIsUsedWhereThatIsAskedFor() {
        NatsSettings settings = NatsSettings.builder()
                .servers(ROOM.server().url())
                .nativeTransport(false)
                .build();
        assertGoesThrough(ROOM.client("nio", settings, any -> any), "nio");
    }
}
