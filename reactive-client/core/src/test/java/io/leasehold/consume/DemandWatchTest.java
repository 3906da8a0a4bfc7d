package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.event.MessagingEvent.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Whoever asks for outcomes more slowly than messages could be worked on is told so, once. */
class DemandWatchTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private Mono<Long> takes(Duration time) {
        return Mono.delay(time, room.time());
    }

    private long told() {
        return room.told().count(Kind.DEMAND_LIMITED);
    }

    @Test
    void aSubscriberThatBoundsTheRunsIsToldOnce() {
        room.hear(room.consumer()
                .handle(delivery -> takes(Duration.ofSeconds(1)))
                .concatMap(outcome -> takes(Duration.ofSeconds(1))));
        room.publish(1_000);

        room.pass(Duration.ofSeconds(9));
        assertThat(told()).isZero();
        room.pass(Duration.ofMinutes(2));

        assertThat(told()).isEqualTo(1);
    }

    @Test
    void aSubscriberThatStandsStillIsToldOnceAlthoughNothingHappens() {
        Heard<Outcome> outcomes = Heard.of(room.consumer().handle(delivery -> Mono.empty()), 3);
        room.publish(10);

        room.pass(Duration.ofMinutes(1));

        assertThat(told()).isEqualTo(1);
        outcomes.cancel();
    }

    @Test
    void whoeverAsksForMoreThanRunsIsNotTold() {
        room.hear(room.consumer().concurrency(4).handle(delivery -> takes(Duration.ofSeconds(30))));
        room.publish(100);

        room.pass(Duration.ofMinutes(5));

        assertThat(told()).isZero();
    }

    @Test
    void whoeverAsksOneByOneAndWaitsForMessagesIsNotTold() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()).limitRate(1));
        for (int i = 0; i < 60; i++) {
            room.publish("m" + i);
            room.pass(Duration.ofSeconds(2));
        }

        assertThat(told()).isZero();
    }

    @Test
    void aPipelineThatTakesFewAtATimeHasDecidedThatItself() {
        room.hear(room.consumer()
                .through(flux -> flux.flatMap(delivery -> delivery.settleBy(takes(Duration.ofSeconds(5))), 2)));
        room.publish(100);

        room.pass(Duration.ofMinutes(2));

        assertThat(told()).isZero();
    }
}
