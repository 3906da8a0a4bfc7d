package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Large messages over a narrow line. */
@WithServers
class NatsNarrowIT {
    private static final int LINE_BYTES_PER_SECOND = 128 * 1_024;
    private static final int BYTES = 900 * 1_024;
    private static final int COUNT = 3;

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private static MessageClient publisher() {
        return ROOM.client(
                "narrow",
                builder -> builder.publishing(PublishSettings.builder()
                        .timeout(Duration.ofSeconds(60))
                        .build()));
    }

    @Test
    void theyAreStoredInLittleMoreThanTheTimeOfTheLineAndNoLeaseIsLostBesideThem() {
        MessageClient client = publisher();
        Heard<?> first = ROOM.hear(client.publish(Message.to(ROOM.topic("nc")).body("work")));

        ROOM.await("it is stored", first::hasCompleted);
        Duration line = Duration.ofSeconds(COUNT * BYTES / LINE_BYTES_PER_SECOND);
        Heard<Outcome> outcomes = ROOM.hear(client.consumer(ROOM.topic("nc"), "workers", String.class)
                .leaseTime(Duration.ofSeconds(16))
                .startFrom(StartPosition.EARLIEST)
                .handle(delivery -> Mono.delay(line).then()));
        ROOM.await("it is worked on", () -> ROOM.held("workers") == 1);
        ROOM.proxy().limit(Direction.TO_SERVER, LINE_BYTES_PER_SECOND);
        long begin = System.nanoTime();
        Message large = Message.to(ROOM.topic("large")).body(new byte[BYTES]);
        Heard<PublishResult> results =
                ROOM.hear(client.publishAll(Flux.fromIterable(Collections.nCopies(COUNT, large))));
        ROOM.await("published", results::hasEnded);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(results.values()).hasSize(COUNT).allMatch(PublishResult::isConfirmed);
        assertThat(took).isLessThan(line.plus(line.dividedBy(4)));
        ROOM.await("its work is done", () -> !outcomes.values().isEmpty());

        assertThat(NatsRoom.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(ROOM.proxy().accepted()).isEqualTo(1);
        assertThat(ROOM.stored()).isEqualTo(COUNT + 1);
        assertThat(ROOM.told().events()).noneMatch(event -> event.kind() == Kind.DISCONNECTED);
    }
}
