package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.keyed;
import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.StageAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bodies that are values: when they are encoded, how often, and what becomes of those that cannot be. */
class ValueBodiesTest {
    private static final BodyType<List<Integer>> NUMBERS = new BodyType<>() {};

    @RegisterExtension
    final Room room = Room.of(EmbeddedSettings.builder().messageBytesMax(1_024).build());

    private final List<Object> encoded = new ArrayList<>();
    private final List<Integer> seenByStage = new ArrayList<>();
    private final PublishDesk desk = PublishDesk.open(
            PublishSettings.builder().window(4),
            Codecs.of(Quake.class, new Encoding<Quake>(quake -> quake.place))
                    .orElse(Codecs.of(NUMBERS, new Encoding<List<Integer>>(List::toString))),
            new Stage());

    /** A value; it is encoded as its place, or as its failure wants. */
    private record Quake(String place, Supplier<? extends Throwable> failure) {
        static Quake at(String place) {
            return new Quake(place, () -> null);
        }
    }

    private interface Text<T> {
        String of(T value);
    }

    private final class Encoding<T> implements Codec<T> {
        private final Text<T> text;

        Encoding(Text<T> text) {
            this.text = text;
        }

        @Override
        public byte[] encode(T value) {
            encoded.add(value);
            Throwable failure = value instanceof Quake quake ? quake.failure.get() : null;
            if (failure != null) {
                ValueBodiesTest.<RuntimeException>raise(failure);
            }
            String written = text.of(value);
            return written == null ? null : written.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public T decode(Message received) {
            throw new UnsupportedOperationException();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    private final class Stage implements PublishStage {
        @Override
        public StageAnswer enter(PublishView view, long now) {
            seenByStage.add(view.message().sizeBytes());
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {}
    }

    static Stream<Supplier<? extends Throwable>> failures() {
        return Stream.of(
                () -> new IllegalArgumentException("no"),
                () -> new Exception("checked"),
                () -> new AssertionError("no"),
                StackOverflowError::new,
                () -> new OutOfMemoryError("no"),
                () -> new NoClassDefFoundError("no"),
                () -> new ExceptionInInitializerError("no"),
                () -> new InterruptedException("no"));
    }

    @Test
    void aValueIsEncodedOncePerSubscriptionBeforeStagesSeeIt() {
        Mono<PublishReceipt> publish =
                desk.publisher.publish(Message.to("test.topic").id("a").body(Quake.at("nc")));
        assertThat(encoded).isEmpty();
        Heard.of(publish);
        assertThat(encoded).hasSize(1);
        assertThat(seenByStage).containsExactly(2);
        Heard.of(publish);

        assertThat(encoded).hasSize(2);
        assertThat(desk.port.written).containsExactly("a", "a");
    }

    @Test
    void whatHasToWaitForTheWindowIsEncodedBeforeIt() {
        desk.port.writesAndHolds();
        for (int i = 0; i < 4; i++) {
            Heard.of(desk.publisher.publish(message("m" + i)));
        }
        Heard<PublishReceipt> waits =
                Heard.of(desk.publisher.publish(message("last").body(Quake.at("nc"))));
        Heard<PublishReceipt> refused =
                Heard.of(desk.publisher.publish(message("bad").body(new Quake("nc", AssertionError::new))));

        assertThat(desk.port.written).containsExactly("m0", "m1", "m2", "m3");
        assertThat(encoded).hasSize(2);
        assertThat(refused.code()).as("without waiting").isEqualTo(ErrorCode.ENCODE_FAILED);

        desk.port.confirmHeld(0);
        desk.port.confirmHeld(4);
        assertThat(waits.values()).hasSize(1);
        assertThat(encoded).hasSize(2);
    }

    @Test
    void theWindowCountsTheBytesThatAValueBecomes() {
        PublishDesk narrow = PublishDesk.open(
                PublishSettings.builder().window(64).windowBytes(10_000),
                Codecs.of(Quake.class, new Encoding<Quake>(quake -> "x".repeat(3_000))));
        narrow.port.writesAndHolds();
        Heard<PublishResult> all = Heard.of(narrow.publisher.publishAll(
                Flux.range(0, 10).map(i -> message("m" + i).body(Quake.at("nc")))));

        assertThat(narrow.publishing.inFlight()).isEqualTo(3);
        for (int i = 0; i < 10; i++) {
            narrow.port.confirmHeld(i);
        }
        assertThat(all.values()).hasSize(10).allMatch(PublishResult::isConfirmed);
    }

    @Test
    void theLimitOfTheBrokerIsOnTheBytesThatAValueBecomes() {
        MessageClient client = room.client(
                "large",
                builder -> builder.codecs(
                        Codecs.of(Quake.class, new Encoding<Quake>(quake -> quake.place.repeat(2_000)))));
        room.hear(client.consumer("quakes.>", "assessors", String.class).handle(delivery -> Mono.empty()));
        Message quakes = Message.to("quakes.nc");

        assertThat(room.hear(client.publish(quakes.body(Quake.at("")))).values())
                .hasSize(1);
        assertThat(room.hear(client.publish(quakes.body(Quake.at("x")))).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void repetitionsWriteTheSameBytes() {
        desk.port.fails(ErrorCode.UNKNOWN);
        Heard.of(desk.publisher.publish(message("a").body(Quake.at("nc"))));
        desk.pass(java.time.Duration.ofMillis(150));

        assertThat(desk.port.written).hasSize(2);
        assertThat(encoded).hasSize(1);
    }

    @Test
    void aTypeWithArgumentsHasItsOwnCodec() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(message("a").body(List.of(1, 2), NUMBERS)));
        assertThat(desk.port.held.get(0).message().text()).isEqualTo("[1, 2]");
    }

    @Test
    void bytesAndTextsGivenAsValuesAreWhatTheyAre() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(message("a").body((Object) "text")));
        Heard.of(desk.publisher.publish(message("b").body((Object) new byte[] {1})));

        assertThat(desk.port.held.get(0).message()).isEqualTo(message("a").body("text"));
        assertThat(desk.port.held.get(1).message()).isEqualTo(message("b").body(new byte[] {1}));
    }

    @Test
    void aMessageWithAValueHasNoBytesYet() {
        Message value = message("a").body(Quake.at("nc"));

        assertThat(value.isEncoded()).isFalse();
        assertThat(value)
                .isEqualTo(value.headers(value.headers())
                        .topic("x")
                        .topic(value.topic())
                        .body(Quake.at("nc")))
                .hasToString(value.toString());
        assertThatThrownBy(value::bytes)
                .satisfies(e -> assertThat(MessagingException.codeOf(e)).isEqualTo(ErrorCode.ENCODE_FAILED));
        assertThat(message("a").isEncoded()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatCannotBeEncodedIsRefusedAndTouchesNothingElse(Supplier<? extends Throwable> failure) {
        MessagePublisher ordered = desk.publisher.ordered();
        Message bad = keyed("A", "bad").body(new Quake("nc", failure));
        Heard<PublishReceipt> refused = Heard.of(ordered.publish(bad));

        assertThat(refused.code()).isEqualTo(ErrorCode.ENCODE_FAILED);
        assertThat(refused.refusal().id().value()).isEqualTo("bad");
        assertThat(refused.refusal().isUnknown()).isFalse();
        assertThat(refused.refusal().getCause())
                .hasCauseInstanceOf(failure.get().getClass());
        assertThat(desk.port.handed).hasValue(0);
        assertThat(desk.publishing.inFlight() + desk.publishing.waiting() + desk.publishing.haltedKeys())
                .isZero();
        assertThat(desk.recorder.failures).containsExactly(ErrorCode.ENCODE_FAILED);
        assertThat(Heard.of(ordered.publish(keyed("A", "next"))).values()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void amongManyItFailsInItsPlaceAndTheOthersGoOn(Supplier<? extends Throwable> failure) {
        Flux<Message> source =
                Flux.range(0, 10).map(i -> keyed("A", "m" + i).body(new Quake("nc", i == 3 ? failure : () -> null)));
        Heard<PublishResult> results = Heard.of(desk.publisher.ordered().publishAll(source));

        assertThat(results.hasCompleted()).isTrue();
        assertThat(results.values())
                .extracting(result -> result.id().value())
                .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        assertThat(results.values())
                .filteredOn(result -> !result.isConfirmed())
                .singleElement()
                .satisfies(result -> assertThat(
                                ((PublishResult.Failed) result).error().code())
                        .isEqualTo(ErrorCode.ENCODE_FAILED));
        assertThat(desk.publishing.haltedKeys()).isZero();
    }

    @Test
    void aResultCarriesTheVeryMessageThatItIsFor() {
        List<Message> given = List.of(
                keyed("A", "value").body(Quake.at("nc")),
                keyed("B", "bytes"),
                keyed("C", "bad").body(new Quake("nc", AssertionError::new)));

        Heard<PublishResult> results = Heard.of(desk.publisher.publishAll(Flux.fromIterable(given)));

        assertThat(results.values()).extracting(PublishResult::isConfirmed).containsExactly(true, true, false);
        assertThat(results.values())
                .zipSatisfy(
                        given, (result, message) -> assertThat(result.message()).isSameAs(message));
        assertThat(((PublishResult.Confirmed) results.values().get(0)).receipt().topic())
                .isEqualTo(given.get(0).topic());
    }

    @Test
    void cancellingLeavesNothingOfWhatFailed() {
        desk.port.holdsUnwritten();
        Flux<Message> source =
                Flux.just(message("a"), message("bad").body(new Quake("nc", AssertionError::new)), message("c"));
        Heard<PublishResult> results = Heard.of(desk.publisher.publishAll(source));
        results.cancel();

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.recorder.faults).isEmpty();
    }

    @Test
    void aCodecThatGivesNothingAndATypeWithoutOneAreRefusedToo() {
        assertThat(Heard.of(desk.publisher.publish(message("a").body(Quake.at(null))))
                        .code())
                .isEqualTo(ErrorCode.ENCODE_FAILED);
        assertThat(Heard.of(desk.publisher.publish(message("a").body((Object) 42)))
                        .code())
                .isEqualTo(ErrorCode.CODEC_MISSING);
        Heard<PublishResult> many =
                Heard.of(desk.publisher.publishAll(Flux.just(Message.to("a").body((Object) 42))));

        assertThat(many.values()).extracting(PublishResult::isConfirmed).containsExactly(false);
    }
}
