package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Disposition;
import io.leasehold.consume.Outcome;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Old servers answer a terminate that has a reason, and do not carry it out. */
@EachServer
class TerminateIT {
    private static final String REASON = "the plate cannot be read";

    private final NatsServer server;
    private RawNats raw;
    private String stream;

    TerminateIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void keep() {
        raw = RawNats.connect(server.port());
        stream = "s" + Long.toString(System.nanoTime(), 36);
        raw.request(
                "$JS.API.STREAM.CREATE." + stream,
                "{\"name\":\"%s\",\"subjects\":[\"%s.>\"],\"storage\":\"memory\"}".formatted(stream, stream));
        raw.request(stream + ".a", "m");
    }

    @AfterEach
    void end() {
        raw.close();
    }

    private String written(boolean reasons) {
        int acks = raw.subscribe("$JS.ACK." + stream + ".desk.>");
        raw.flush();
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.of(NatsSettings.builder()
                        .servers(server.url())
                        .terminateReasons(reasons)
                        .build()))
                .build();
        try {
            Heard<Outcome> outcomes = Heard.of(client.consumer(stream + ".>", "desk", String.class)
                    .leaseTime(Duration.ofSeconds(6))
                    .startFrom(StartPosition.EARLIEST)
                    .handle(delivery -> Mono.just(Disposition.terminate(REASON))));
            Threads.await(
                    "its outcome", NatsRoom.LIMIT, () -> !outcomes.values().isEmpty());
            assertThat(NatsRoom.kinds(outcomes)).containsExactly(Outcome.Kind.TERMINATED);
            assertThat(raw.request("$JS.API.CONSUMER.INFO." + stream + ".desk", "")
                            .field("num_ack_pending"))
                    .hasValue("0");
            return firstBehindTouches(acks);
        } finally {
            client.close().block(NatsRoom.LIMIT);
        }
    }

    // What is worked on for long, as on a machine that stands still, is touched before.
    private String firstBehindTouches(int acks) {
        String body = raw.next(acks).body();
        while (body.equals("+WPI")) {
            body = raw.next(acks).body();
        }
        return body;
    }

    @Test
    void theReasonIsNotWrittenUnlessThatIsWanted() {
        assertThat(written(false)).isEqualTo("+TERM");
    }

    @Test
    void theReasonIsWrittenWhereTheServerKnowsReasons() {
        assertThat(written(true)).isEqualTo(server.binary().isAtLeast("2.10.4") ? "+TERM " + REASON : "+TERM");
    }
}
