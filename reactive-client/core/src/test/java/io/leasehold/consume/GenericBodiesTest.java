package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Bodies whose type has arguments, from the publisher to the handler. */
class GenericBodiesTest {
    private static final BodyType<List<Integer>> NUMBERS = new BodyType<>() {};
    private static final BodyType<List<String>> TEXTS = new BodyType<>() {};

    @RegisterExtension
    final Room room = Room.fenced();

    /** Numbers with commas between. */
    private static final class Commas implements Codec<List<Integer>> {
        @Override
        public byte[] encode(List<Integer> numbers) {
            String text = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public List<Integer> decode(Message message) {
            return Stream.of(message.text().split(",")).map(Integer::valueOf).toList();
        }
    }

    private MessageClient client() {
        return room.client("of numbers", builder -> builder.codecs(Codecs.of(NUMBERS, new Commas())));
    }

    @Test
    void aListComesAsItWasSent() {
        MessageClient client = client();
        List<Integer> sums = new ArrayList<>();

        Heard<Outcome> outcomes =
                room.hear(client.consumer("numbers.>", "adders", NUMBERS).handle(delivery -> {
                    sums.add(
                            delivery.body().stream().mapToInt(Integer::intValue).sum());
                    return Mono.empty();
                }));
        Heard<PublishReceipt> receipt =
                room.hear(client.publisher().publish(Message.to("numbers.few"), List.of(1, 2, 3), NUMBERS));
        room.hear(client.publish(Message.to("numbers.few").body("4,5")));

        assertThat(receipt.hasCompleted()).isTrue();
        assertThat(sums).containsExactly(6, 9);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void aTypeThatNoCodecKnowsIsNamedAndNothingIsTaken() {
        MessageClient client = client();
        Heard<Outcome> refused =
                room.hear(client.consumer("texts.>", "readers", TEXTS).handle(delivery -> Mono.empty()));
        assertMissing(refused);
        Heard<PublishReceipt> unsent =
                room.hear(client.publisher().publish(Message.to("texts.few"), List.of("a"), TEXTS));

        assertMissing(unsent);
        assertThat(room.broker().stats().groups()).isEmpty();
    }

    private static void assertMissing(Heard<?> heard) {
        assertThat(heard.code()).isEqualTo(ErrorCode.CODEC_MISSING);
        assertThat(heard.error()).hasMessageContaining("java.util.List<java.lang.String>");
    }

    @Test
    void anEmptyBodyIsNullWhereTheTypeTakesNull() {
        MessageClient client = client();
        List<List<Integer>> bodies = new ArrayList<>();

        Heard<Outcome> outcomes = room.hear(
                client.consumer("numbers.>", "adders", NUMBERS.orNull()).handle(delivery -> {
                    bodies.add(delivery.body());
                    bodies.add(delivery.body());
                    return Mono.empty();
                }));
        room.hear(client.publish(Message.to("numbers.few")));
        room.hear(client.publish(Message.to("numbers.few").body("4,5")));

        assertThat(bodies).containsExactly(null, null, List.of(4, 5), List.of(4, 5));
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void aCodecThatSaysNullIsOneThatCannotDecodeUnlessTheTypeTakesNull() {
        Codec<String> nothing = new Codec<>() {
            @Override
            public byte[] encode(String value) {
                return new byte[0];
            }

            @Override
            public String decode(Message message) {
                return null;
            }
        };
        MessageClient client = room.client("of nothing", builder -> builder.codecs(Codecs.of(String.class, nothing)));
        BodyType<String> text = BodyType.of(String.class);

        Heard<Outcome> refused =
                room.hear(client.consumer("a.>", "a", text).maxDeliveries(1).handle(delivery -> Mono.empty()));
        Heard<Outcome> taken =
                room.hear(client.consumer("b.>", "b", text.orNull()).handle(delivery -> {
                    assertThat(delivery.body()).isNull();
                    return Mono.empty();
                }));
        room.hear(client.publish(Message.to("a.a").body("a")));
        room.hear(client.publish(Message.to("b.b").body("b")));

        assertThat(refused.values()).extracting(Outcome::code).containsExactly(ErrorCode.DECODE_FAILED);
        assertThat(taken.values()).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void aBodyOfAnotherTypeFailsWithTheTypeThatWasWanted() {
        MessageClient client = client();
        Heard<Outcome> outcomes = room.hear(
                client.consumer("numbers.>", "adders", NUMBERS).maxDeliveries(1).handle(delivery -> Mono.empty()));
        room.hear(client.publish(Message.to("numbers.few").body("many")));

        assertThat(outcomes.values()).singleElement().satisfies(outcome -> {
            assertThat(outcome.code()).isEqualTo(ErrorCode.DECODE_FAILED);
            assertThat(outcome.error()).hasMessageContaining("the codec of java.util.List<java.lang.Integer>");
        });
    }
}
