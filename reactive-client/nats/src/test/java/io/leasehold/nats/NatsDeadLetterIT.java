package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.nats.server.WithServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** A consumer that somebody else has limited. */
@WithServers
class NatsDeadLetterIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    @Test
    @Scenario(33)
    void whatAForeignLimitGaveUpOnIsDeadLettered() {
        String stream = ROOM.stream();
        ROOM.keep("dead" + stream);
        String config = ("{\"durable_name\":\"assessors\",\"ack_policy\":\"explicit\",\"max_deliver\":2,"
                        + "\"ack_wait\":%d,\"filter_subject\":\"%s.>\"}")
                .formatted(NatsRoom.T.toNanos(), stream);
        ROOM.raw()
                .request(
                        "$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".assessors",
                        "{\"stream_name\":\"%s\",\"config\":%s}".formatted(stream, config));
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .deadLetterTo("dead" + stream + ".letters")
                .maxDeliveries(20)
                .handle(delivery -> Mono.error(new IllegalStateException("not this one"))));
        ROOM.publish("7");
        ROOM.await("two deliveries", () -> outcomes.values().size() == 2);
        assertThat(NatsRoom.kinds(outcomes)).containsOnly(Outcome.Kind.NAKED);
        Heard<String> letters = ROOM.hear(ROOM.directClient("undertaker")
                .consumer("dead" + stream + ".>", "undertakers", String.class)
                .leaseTime(NatsRoom.T)
                .startFrom(StartPosition.EARLIEST)
                .deliveries()
                .concatMap(letter -> letter.lease()
                        .ack()
                        .thenReturn(letter.body() + " "
                                + letter.message()
                                        .headers()
                                        .first("Leasehold-Delivery-Count")
                                        .orElse("")
                                + " of "
                                + letter.message()
                                        .headers()
                                        .first("Leasehold-Topic")
                                        .orElse(""))));
        ROOM.await("the letter", () -> letters.values().size() == 1);

        assertThat(letters.values()).containsExactly("7 2 of " + stream + ".nc");
    }

    @Test
    void aDeadLetterStreamThatIsFullIsToldAndKeepsNoSlot() {
        String graves = "dead" + ROOM.stream();
        ROOM.keep(graves, "\"storage\":\"memory\",\"max_msgs\":1,\"discard\":\"new\"");
        long before = ROOM.told().count(MessagingEvent.Kind.DEAD_LETTER_FAILED);
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .deadLetterTo(graves + ".letters")
                .maxDeliveries(1)
                .concurrency(1)
                .handle(delivery -> delivery.body().equals("good") ? Mono.empty() : Mono.error(new Error("no"))));
        ROOM.publish("1", "2", "good");
        ROOM.await("the good one is done", () -> NatsRoom.kinds(outcomes).contains(Outcome.Kind.ACKED));

        assertThat(NatsRoom.kinds(outcomes)).contains(Outcome.Kind.DEAD_LETTERED, Outcome.Kind.NAKED);
        assertThat(ROOM.told().count(MessagingEvent.Kind.DEAD_LETTER_FAILED)).isGreaterThan(before);
        assertThat(ROOM.told().events())
                .filteredOn(event -> event.kind() == MessagingEvent.Kind.DEAD_LETTER_FAILED)
                .allSatisfy(event -> assertThat(event.remedy()).isNotBlank());
    }

    @Test
    void aLetterThatIsTooLargeForItsStreamLosesOurReasonAndOneThatCanNeverFitEndsOnce() {
        String graves = "dead" + ROOM.stream();
        ROOM.keep(graves, "\"storage\":\"memory\",\"max_msg_size\":600");
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .deadLetterTo(graves + ".letters")
                .maxDeliveries(1)
                .handle(delivery -> Mono.error(new IllegalStateException("r".repeat(1_000)))));
        ROOM.publish("small");
        ROOM.hear(ROOM.client().publish(ROOM.message("big").body("x".repeat(1_000))));
        ROOM.await("both have ended", () -> outcomes.values().size() == 2);

        assertThat(NatsRoom.kinds(outcomes))
                .containsExactlyInAnyOrder(Outcome.Kind.DEAD_LETTERED, Outcome.Kind.TERMINATED);
        assertThat(outcomes.values())
                .filteredOn(outcome -> outcome.kind() == Outcome.Kind.TERMINATED)
                .extracting(Outcome::code)
                .containsExactly(ErrorCode.DEAD_LETTER_FAILED);
    }
}
