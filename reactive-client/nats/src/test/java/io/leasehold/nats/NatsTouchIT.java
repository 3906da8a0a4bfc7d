package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.consume.HoldSettings;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** A touch is written for a lease that is held, by whoever may touch, and for no other. */
@WithServers
class NatsTouchIT {
    // Long after what is touched early has been.
    private static final Duration LATER = Duration.ofMillis(600);

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private static int acksOf(String group) {
        int heard = ROOM.raw().subscribe("$JS.ACK." + ROOM.stream() + "." + group + ".>");
        ROOM.raw().flush();
        return heard;
    }

    @Test
    void workThatLastsIsTouchedEarly() {
        int acks = acksOf("assessors");
        ROOM.hear(ROOM.consumer().handle(delivery -> Mono.never()));
        ROOM.publish("m");
        assertThat(ROOM.raw().next(acks).body()).isEqualTo("+WPI");
    }

    @Test
    void whatIsNeverToBeTouchedIsNot() {
        int acks = acksOf("assessors");
        Heard<Outcome> outcomes =
                ROOM.hear(ROOM.consumer().touch(TouchMode.NEVER).handle(delivery -> Mono.delay(LATER)));
        ROOM.publish("m");
        ROOM.await("it is done", () -> outcomes.values().size() == 1);

        assertThat(ROOM.raw().next(acks).body()).isEqualTo("+ACK");
    }

    @Test
    void aLeaseThatWasGivenUpIsNotTouched() {
        int acks = acksOf("assessors");
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .nak(HoldSettings.NakMode.RUN_OUT)
                .handle(delivery -> Mono.error(new IllegalStateException("not now"))));

        ROOM.publish("m");
        ROOM.await("it is given up", () -> outcomes.values().size() == 1);
        // A machine that stood still has touched it while it was worked on. What is confirmed was written later.
        String beside = "beside" + ROOM.stream();
        ROOM.keep(beside);
        Heard<?> later =
                ROOM.hear(ROOM.client().publish(Message.to(beside + ".x").body("m")));
        ROOM.await("it is confirmed", later::hasCompleted);
        ROOM.raw().flush();
        ROOM.raw().drop(acks);

        assertThat(ROOM.raw().next(acks, LATER)).isEmpty();
    }
}
