package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.LeaseLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Where leases belong to the connection, its loss cancels all work under them before anybody else begins. */
class ConnectionLeasesTest {
    @RegisterExtension
    final Room room = Room.of(EmbeddedSettings.builder()
            .plays(Capabilities.fenced().withLeasesOfTheConnection())
            .build());

    private final List<String> happened = new ArrayList<>();

    private Heard<Outcome> consume(String client) {
        return room.hear(Room.consumer(room.client(client))
                .handle(delivery -> Mono.never()
                        .doOnSubscribe(any -> happened.add(client + " begins"))
                        .doOnCancel(() -> happened.add(client + " ends"))));
    }

    @Test
    void workIsCancelledInTheStepInWhichTheConnectionIsLost() {
        Heard<Outcome> outcomes = consume("first");
        room.pass(Duration.ofMillis(10));
        room.publish("m");
        consume("second");
        room.pass(Duration.ofMillis(10));
        assertThat(happened).containsExactly("first begins");

        room.broker().disconnect("first");
        room.pass(Duration.ZERO);

        assertThat(happened).startsWith("first begins", "first ends").hasSize(3);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.CONNECTION_LOST);
    }

    @Test
    void theConsumerGoesOnOverTheNextConnection() {
        Heard<Outcome> outcomes = room.hear(
                room.consumer().handle(delivery -> delivery.deliveryCount() == 1 ? Mono.never() : Mono.empty()));
        room.pass(Duration.ofMillis(10));
        room.publish("m");

        room.broker().disconnect("one");
        room.pass(Duration.ofMillis(10));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED);
    }

    @Test
    void aBrokenConnectionIsNoFailureOfTheMessage() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .maxDeliveries(2)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> delivery.deliveryCount() < 5 ? Mono.never() : Mono.empty()));
        room.pass(Duration.ofMillis(10));
        room.publish("m");

        for (int i = 0; i < 4; i++) {
            room.broker().disconnect("one");
            room.pass(Duration.ofMillis(10));
        }

        assertThat(Room.kinds(outcomes))
                .containsExactly(
                        Outcome.Kind.LOST, Outcome.Kind.LOST, Outcome.Kind.LOST, Outcome.Kind.LOST, Outcome.Kind.ACKED);
    }
}
