package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A consumer says when messages may come, and why they may not. */
class BegunTest {
    @RegisterExtension
    final Room room = Room.fenced();

    @Test
    void itHasBegunWhenItsGroupIsThere() {
        MessageClient client = room.client("one");
        MessageConsumer<String> consumer = client.consumer("quakes.>", "assessors", String.class);
        room.hear(consumer.handle(delivery -> Mono.empty()));

        Heard<Void> begun = room.hear(consumer.control().begun());

        assertThat(begun.hasCompleted()).isTrue();
        assertThat(room.broker().stats().groups()).hasSize(1);
    }

    @Test
    void whatTheBrokerRefusesIsToldToWhoWaits() {
        MessageClient first = room.client("one");
        room.hear(first.consumer("quakes.>", "assessors", String.class).handle(delivery -> Mono.empty()));
        MessageClient client = room.client("other");
        MessageConsumer<String> other = client.consumer("tremors.>", "assessors", String.class);

        Heard<Outcome> outcomes = room.hear(other.handle(delivery -> Mono.empty()));
        Heard<Void> begun = room.hear(other.control().begun());

        assertThat(outcomes.code()).isEqualTo(ErrorCode.GROUP_MISMATCH);
        assertThat(begun.code()).isIn(ErrorCode.GROUP_MISMATCH, ErrorCode.NOT_CONSUMED);
    }

    @Test
    void withoutASubscriptionThereIsNothingToWaitFor() {
        MessageConsumer<String> consumer = room.client("one").consumer("quakes.>", "assessors", String.class);

        assertThat(room.hear(consumer.control().begun()).code()).isEqualTo(ErrorCode.NOT_CONSUMED);

        Disposable running = consumer.handle(delivery -> Mono.empty()).subscribe();
        running.dispose();
        assertThat(room.hear(consumer.control().begun()).code()).isEqualTo(ErrorCode.NOT_CONSUMED);
    }

    @Test
    void aBrokerInThisProcessIsReadyAtOnce() {
        assertThat(room.hear(room.client("one").ready()).hasCompleted()).isTrue();
    }
}
