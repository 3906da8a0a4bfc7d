package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A machine that was suspended: its timers come late, its monotonic clock has missed the time. */
class SleepTest {
    private final AtomicReference<SleepingScheduler> machine = new AtomicReference<>();
    private final AtomicReference<SilentBroker> silent = new AtomicReference<>();

    @RegisterExtension
    final Room room = Room.fenced();

    private MessageClient laptop() {
        return room.client("laptop", builder -> {
            machine.set(new SleepingScheduler(room.time()));
            silent.set(new SilentBroker(room.broker()));
            return builder.timeScheduler(machine.get()).broker(silent.get());
        });
    }

    @Test
    void aHandlerThatSleptThroughItsLeaseIsCancelledOnWaking() {
        Heard<Outcome> outcomes = room.hear(Room.consumer(laptop()).handle(delivery -> Mono.never()));
        room.publish("a");
        room.pass(Duration.ofSeconds(1));
        machine.get().sleep(Duration.ofMinutes(1));
        room.pass(Duration.ofMillis(200));

        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(
            value = TouchMode.class,
            names = {"AUTO", "NEVER"})
    void aWallClockThatIsSetBackByAnHourChangesNothing(TouchMode touch) {
        List<Long> cancelledAt = new ArrayList<>();
        room.hear(Room.consumer(laptop())
                .maxHold(Duration.ofSeconds(95))
                .touch(touch)
                .handle(delivery -> Mono.never().doOnCancel(() -> cancelledAt.add(room.nanos()))));
        long from = room.nanos();
        room.publish("a");
        room.pass(Duration.ofSeconds(1));
        machine.get().sleep(Duration.ofHours(-1));
        room.pass(Duration.ofSeconds(95));
        long deadline = touch == TouchMode.AUTO
                ? from + Duration.ofSeconds(95).toNanos()
                : LeaseTerms.of(LeaseTime.renewable(Room.T), true, Duration.ZERO, Duration.ZERO)
                        .workDeadline(from);
        assertThat(cancelledAt.get(0)).isBetween(deadline, deadline + 2 * LeaseTerms.TICK_NANOS);
    }

    @Test
    void whatIsDeliveredOnWakingIsWorkedOn() {
        Heard<Outcome> outcomes = room.hear(Room.consumer(laptop()).handle(delivery -> Mono.empty()));
        room.publish("a");
        machine.get().sleep(Duration.ofHours(8));
        room.publish("b");

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void closingEndsPublishesAlthoughTheirTimerWasSetBeforeASleep() {
        MessageClient laptop = laptop();
        room.hear(Room.consumer(laptop).handle(delivery -> Mono.never()));
        room.publish("held");
        Heard<PublishReceipt> before = Heard.of(laptop.publish(message("before")));
        silent.get().unanswered().forEach(item -> item.confirmed(1, false));
        machine.get().sleep(Duration.ofHours(8));
        room.pass(Duration.ofMillis(200));
        Heard<PublishReceipt> after = Heard.of(laptop.publish(message("after")));
        Heard<Void> close = Heard.of(laptop.close());
        room.pass(Duration.ofSeconds(4));

        assertThat(before.hasCompleted()).isTrue();
        assertThat(close.hasCompleted()).isTrue();
        assertThat(after.code()).isEqualTo(ErrorCode.UNKNOWN);
    }

    private static Message message(String body) {
        return Message.to("quakes.nc").id(body).body(body);
    }
}
