package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A server that restarts counts an untouched lease from when its message was stored. */
@EachServer
class OldMessageIT {
    // A restart and the way back take some seconds on a busy machine.
    private static final Duration T = Duration.ofSeconds(12);
    private static final String STREAM = "old";
    private static final String CONFIG = """
            {"name":"old","subjects":["old.>"],"storage":"file"}""";
    // A server that counts from the storing gives an old message to somebody else at once.
    private static final String PULL = """
            {"batch":1,"expires":1000000000}""";

    private final NatsServer server;

    OldMessageIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void aMessageThatWaitedForLongKeepsItsLeaseOverARestart() {
        try (RawNats raw = RawNats.connect(server.port())) {
            raw.request("$JS.API.STREAM.CREATE." + STREAM, CONFIG);
            raw.request(STREAM + ".a", "m");
            long old = System.nanoTime() + T.plusSeconds(1).toNanos();
            int touches = raw.subscribe("$JS.ACK." + STREAM + ".work.>");
            raw.flush();
            Threads.await("it is old", NatsRoom.LIMIT, () -> System.nanoTime() >= old);
            MessageClient client = MessageClient.builder()
                    .broker(NatsBroker.connect(server.url()))
                    .build();
            try {
                Heard<Outcome> outcomes = Heard.of(client.consumer(STREAM + ".>", "work", String.class)
                        .leaseTime(T)
                        .startFrom(StartPosition.EARLIEST)
                        .handle(delivery -> Mono.never()));
                assertThat(raw.next(touches).body()).isEqualTo("+WPI");
                server.restart();
                assertKept(outcomes);
            } finally {
                client.close().block(NatsRoom.LIMIT);
            }
        }
    }

    private void assertKept(Heard<Outcome> outcomes) {
        try (RawNats other = RawNats.connect(server.port())) {
            assertThat(other.request("$JS.API.CONSUMER.MSG.NEXT." + STREAM + ".work", PULL)
                            .status())
                    .startsWith("408");
            assertThat(outcomes.values()).isEmpty();
        }
    }
}
