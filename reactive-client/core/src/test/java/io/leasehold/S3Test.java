package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.publish.PublishResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Incident S3: two sides that wait for each other with full buffers, where there is no socket. Handlers that wait on
 * threads of the library are in {@link BlockedHandlersTest}.
 */
class S3Test {
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    final Room room =
            Room.of(EmbeddedSettings.builder().capacityBytes(2000L * MEBIBYTE).build());

    @Test
    @Scenario(25)
    void aSubscriberThatAsksForOneHoldsBackOnlyItself() {
        Heard<Delivery<byte[]>> slow = Heard.of(
                room.client()
                        .consumer("big.>", "slow", byte[].class)
                        .leaseTime(Room.T)
                        .deliveries(),
                1);
        byte[] body = new byte[MEBIBYTE];
        Heard<PublishResult> sent = room.hear(room.client()
                .publishAll(Flux.range(0, 1000)
                        .map(i -> Message.to("big.x").id("big" + i).body(body))));
        room.pass(Duration.ZERO);
        assertThat(sent.values()).hasSize(1000).allMatch(PublishResult::isConfirmed);
        assertThat(slow.values()).hasSize(1);
        slow.values().get(0).keep();
        Heard<Outcome> quick = room.hear(room.consumer().handle(delivery -> Mono.empty()));
        for (int i = 0; i < 100; i++) {
            room.publish("quick " + i);
            room.pass(Duration.ofSeconds(1));
        }
        assertThat(Room.kinds(quick)).hasSize(100).containsOnly(Outcome.Kind.ACKED);
        assertThat(room.group("slow").held()).as("the client has one of them").isEqualTo(1);
        assertThat(slow.values().get(0).lease().isHeld()).as("after 100 s").isTrue();
        assertThat(slow.values()).hasSize(1);
        slow.cancel();
        room.broker().deleteGroup("slow");
    }

    @Test
    @Scenario(27)
    void whoeverPublishesMoreThanThereIsRoomForIsToldInTimeAndConsumersGoOn() {
        Heard<Outcome> outcomes = room.hear(room.client()
                .consumer("quakes.>", "assessors", byte[].class)
                .concurrency(1)
                .handle(delivery -> Mono.delay(Duration.ofMillis(100), room.time())));
        byte[] body = new byte[8 * MEBIBYTE];
        Heard<PublishResult> sent = room.hear(room.client()
                .publishAll(Flux.range(0, 400)
                        .map(i -> Message.to("quakes.nc").id("m" + i).body(body))));

        room.pass(Duration.ofSeconds(60));
        assertThat(sent.values()).hasSize(400);
        long confirmed =
                sent.values().stream().filter(PublishResult::isConfirmed).count();

        assertThat(confirmed).isBetween(250L, 400L);
        assertThat(sent.values())
                .filteredOn(PublishResult.Failed.class::isInstance)
                .extracting(result -> ((PublishResult.Failed) result).error().code())
                .isSubsetOf(ErrorCode.PUBLISH_TIMEOUT, ErrorCode.BROKER_FULL);
        assertThat(outcomes.values()).hasSize((int) confirmed);
    }
}
