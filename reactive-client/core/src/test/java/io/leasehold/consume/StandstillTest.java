package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Room;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What tells whoever looks at a group from outside that nothing moves there any more. */
class StandstillTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private GroupCounts counts() {
        return room.hear(room.client().snapshot()).values().get(0).groups().get(0);
    }

    @Test
    void toBeginAgainAndAgainIsNoSignThatItMoves() {
        room.hear(room.consumer().touch(TouchMode.NEVER).handle(delivery -> Mono.never()));
        room.publish("a");
        room.pass(Room.T.multipliedBy(6));

        assertThat(counts().idle()).isGreaterThan(Room.T.multipliedBy(5));
    }

    @Test
    void whatBeginsAfterAQuietTimeStartsTheCountAnewAndWhatIsSettledDoes() {
        room.hear(room.consumer().handle(delivery -> Mono.delay(Duration.ofSeconds(3), room.time())));
        room.pass(Duration.ofHours(1));
        room.publish("a");
        room.pass(Duration.ofSeconds(2));
        assertThat(counts().idle()).isEqualTo(Duration.ofSeconds(2));

        room.pass(Duration.ofSeconds(2));
        assertThat(counts().idle()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void workThatIsTouchedForProgressOnlyAndMakesNoneIsStuckAtAnyTime() {
        room.hear(room.consumer().touch(TouchMode.PROGRESS).handle(delivery -> Mono.never()));
        room.publish("a");
        for (int second = 0; second < 35; second++) {
            room.pass(Duration.ofSeconds(1));
            GroupCounts seen = counts();
            assertThat(seen.stuck()).isEqualTo(seen.count(DeliveryStage.STARTED));
        }

        assertThat(counts().idle()).isEqualTo(Duration.ofSeconds(35));
    }

    @Test
    void workThatMakesProgressIsNotStuck() {
        room.hear(room.consumer()
                .touch(TouchMode.PROGRESS)
                .handle(delivery -> Flux.interval(Duration.ZERO, Duration.ofMillis(700), room.time())));
        room.publish("a");
        for (int second = 0; second < 60; second++) {
            room.pass(Duration.ofSeconds(1));
            assertThat(counts().count(DeliveryStage.STARTED)).isEqualTo(1);
            assertThat(counts().stuck()).isZero();
        }
    }

    @Test
    void workThatIsTouchedWhateverItDoesIsNotStuck() {
        room.hear(room.consumer().handle(delivery -> Mono.never()));
        room.publish("a");
        room.pass(Duration.ofSeconds(60));

        assertThat(counts().count(DeliveryStage.STARTED)).isEqualTo(1);
        assertThat(counts().stuck()).isZero();
    }
}
