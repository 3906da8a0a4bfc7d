package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Room;
import io.leasehold.broker.Capabilities;
import io.leasehold.embedded.EmbeddedSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Where a broker cannot delay and no touch extends a lease, a nak near its end leaves no time for work to end. */
class HeldBackAtTheEndTest {
    private static final Duration BUDGET = Duration.ofMillis(100);
    private static final Duration WAIT = Duration.ofSeconds(5);

    @RegisterExtension
    final Room room = Room.of(EmbeddedSettings.builder()
            .plays(Capabilities.fenced().withoutNakDelay().withoutTouches())
            .build());

    private final AtomicLong cancelledAt = new AtomicLong();
    private final AtomicLong begunAgainAt = new AtomicLong();

    /** Gives itself back, and goes on until it is cancelled. */
    private Mono<Void> giveBack(Delivery<String> delivery, int afterMillis) {
        return Mono.delay(Duration.ofMillis(afterMillis), room.time())
                .then(delivery.lease().nak())
                .then(Mono.<Void>never())
                .doOnCancel(() -> cancelledAt.set(room.nanos()));
    }

    private Mono<Void> beginAgain() {
        return Mono.fromRunnable(() -> begunAgainAt.set(room.nanos()));
    }

    /** Work is attached after half of the lease, so that it ends before it has been worked on for too long. */
    @ParameterizedTest
    @ValueSource(ints = {100, 4_500, 4_650, 4_700, 4_740, 4_780, 4_820, 4_860, 4_880, 4_900})
    void theWorkIsCancelledBeforeTheMessageCanComeAgain(int afterMillis) {
        room.hear(room.consumer()
                .leaseTime(Room.T)
                .deliveries()
                .delayElements(WAIT, room.time())
                .flatMap(delivery -> delivery.settleBy(giveBack(delivery, afterMillis))));
        room.publish("1");
        room.pass(WAIT.plusMillis(20));
        room.hear(Room.consumer(room.client("other")).leaseTime(Room.T).handle(delivery -> beginAgain()));

        room.pass(Room.T.multipliedBy(3));

        assertThat(cancelledAt.get()).isPositive();
        assertThat(begunAgainAt.get() - cancelledAt.get()).isGreaterThanOrEqualTo(BUDGET.toNanos());
    }
}
