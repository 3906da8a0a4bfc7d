package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.nats.server.WithServers;
import io.leasehold.signal.MessagingEvent.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** A server that says that it will go, and there is no other one. */
@WithServers
class NatsLameDuckIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom("0.0.0", """
            lame_duck_duration: "60s"
            lame_duck_grace_period: "50s"
            """);

    @Test
    void isTakenFromUntilTheConnectionEnds() {
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer().handle(delivery -> Mono.empty()));
        ROOM.publish("before");
        ROOM.await("it is handled", () -> outcomes.values().size() == 1);
        ROOM.server().lameDuck();
        ROOM.await("it leaves", () -> ROOM.told().count(Kind.SERVER_LEAVING) == 1);
        for (int i = 0; i < 5; i++) {
            Heard<?> published = ROOM.hear(
                    ROOM.client().publish(Message.to(ROOM.topic("nc")).id("after" + i).body("after")));
            ROOM.await("it is stored", published::hasCompleted);
        }
        ROOM.await("they are handled", () -> outcomes.values().size() == 6);
        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
        assertThat(ROOM.told().count(Kind.DISCONNECTED)).isZero();
        ROOM.await("another one is looked for", () -> ROOM.told().count(Kind.CONNECT_FAILED) > 0);
    }
}
