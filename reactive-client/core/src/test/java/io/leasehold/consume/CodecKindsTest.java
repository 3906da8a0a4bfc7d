package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Uncaught;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.CodecUnavailableException;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Codecs that fail: for ever, because of what the message is, or for a while, because of what is missing here. */
class CodecKindsTest {
    private static final CodecUnavailableException DOWN =
            new CodecUnavailableException("the schema registry does not answer", "registry:8081", null);

    @RegisterExtension
    final Room room = Room.fenced();

    @RegisterExtension
    final Uncaught handler = new Uncaught();

    private final List<Throwable> uncaught = handler.errors();
    private final AtomicInteger asked = new AtomicInteger();
    private Throwable fault = DOWN;

    /** A body that needs a registry. */
    private record Reading(String text) {}

    /** Fails twice. */
    private final class Needy implements Codec<Reading> {
        @Override
        public byte[] encode(Reading value) {
            throw DOWN;
        }

        @Override
        public Reading decode(Message message) {
            if (asked.incrementAndGet() <= 2) {
                throw Exceptions.propagate(fault);
            }
            return new Reading(message.text());
        }
    }

    private MessageClient client() {
        return room.client("needy", builder -> builder.codecs(Codecs.of(Reading.class, new Needy())));
    }

    private MessageConsumer<Reading> consumer() {
        return client().consumer("quakes.>", "assessors", BodyType.of(Reading.class))
                .leaseTime(Room.T)
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)))
                .deadLetterTo("dead.quakes");
    }

    static Stream<Throwable> passing() {
        return Stream.of(
                DOWN,
                new IllegalArgumentException("wrapped", new RuntimeException("twice", DOWN)),
                new NoClassDefFoundError("reactor.never.Seen"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatMayPassIsTriedAgain(Throwable thrown) {
        fault = thrown;
        Heard<Outcome> outcomes = room.hear(consumer().handle(delivery -> Mono.empty()));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.ACKED);
        assertThat(outcomes.values().get(0).code()).isEqualTo(ErrorCode.CODEC_UNAVAILABLE);
    }

    @Test
    void whatMayPassIsTriedAgainBeforeAPipelineSeesIt() {
        Heard<Outcome> outcomes =
                room.hear(consumer().through(flux -> flux.flatMap(delivery -> delivery.settleBy(Mono.empty()))));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsSubsequence(Outcome.Kind.NAKED, Outcome.Kind.ACKED);
        assertThat(outcomes.values().get(0).code()).isEqualTo(ErrorCode.CODEC_UNAVAILABLE);
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new IllegalArgumentException("no number"),
                new AssertionError("not for me"),
                new IllegalStateException("registry down, but told as anything"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatCannotBeDecodedIsDeadLetteredAtOnce(Throwable thrown) {
        fault = thrown;
        Heard<Outcome> outcomes = room.hear(consumer().handle(delivery -> Mono.empty()));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(outcomes.values().get(0).code()).isEqualTo(ErrorCode.DECODE_FAILED);
    }

    // Memory that is short for a while; the stack, which a body overflows that is nested too deeply.
    @Test
    void memoryPassesAndAnOverflowingStackDoesNot() {
        fault = new OutOfMemoryError("for now");
        Heard<Outcome> outcomes = room.hear(consumer().handle(delivery -> Mono.empty()));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED, Outcome.Kind.ACKED);

        fault = new StackOverflowError("nested");
        asked.set(0);
        room.publish("b");
        room.pass(Duration.ofSeconds(5));

        assertThat(outcomes.values().get(3).code()).isEqualTo(ErrorCode.DECODE_FAILED);
        assertThat(uncaught).hasSize(3);
    }

    @Test
    void whatCannotBeEncodedNowSaysSo() {
        Heard<PublishReceipt> receipt =
                room.hear(client().publisher().publish(Message.to("quakes.nc"), new Reading("a")));

        room.pass(Duration.ofSeconds(1));

        assertThat(receipt.code()).isEqualTo(ErrorCode.CODEC_UNAVAILABLE);
        assertThat(receipt.code().retryable()).isTrue();
    }
}
