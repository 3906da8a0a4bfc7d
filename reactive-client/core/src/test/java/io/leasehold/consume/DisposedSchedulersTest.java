package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A scheduler that takes no task is told with the setting that it stands in, and what to do. */
class DisposedSchedulersTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private static Scheduler gone() {
        Scheduler gone = Schedulers.newSingle("gone");
        gone.dispose();
        return gone;
    }

    @AfterEach
    void faultsAreMeant() {
        room.told().faults().clear();
    }

    private void assertNamed(String setting) {
        assertThat(room.told().events())
                .filteredOn(event -> event.kind() == Kind.FAULT)
                .isNotEmpty()
                .allMatch(event -> event.code() == ErrorCode.SCHEDULER_REJECTED)
                .extracting(MessagingEvent::what)
                .allMatch(what -> what != null && what.contains(setting));
    }

    @Test
    void thatOfAConsumerIsNamedWithItsGroup() {
        Heard<Outcome> outcomes = room.hear(room.consumer().signalOn(gone()).handle(delivery -> Mono.empty()));
        room.publish("a");

        assertThat(outcomes.values()).isEmpty();
        assertNamed("MessageConsumer.signalOn, group assessors");
    }

    @Test
    void thatOfAPublisherIsNamed() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.hear(room.client()
                .publisher()
                .signalOn(gone())
                .publish(Message.to("quakes.nc").body("a")));
        room.pass(Duration.ofSeconds(1));

        assertNamed("MessagePublisher.signalOn");
    }
}
