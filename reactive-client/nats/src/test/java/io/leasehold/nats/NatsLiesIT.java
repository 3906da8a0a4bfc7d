package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * Somebody answers in the place of JetStream, which anybody may who is permitted to subscribe there: lies end
 * nothing.
 */
@WithServers
class NatsLiesIT {
    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    private static String huge() {
        return "{\"stream\":\"" + "x".repeat(900_000) + "\",\"seq\":\"1\"}";
    }

    static List<String> lies() {
        return List.of(
                "",
                "{}",
                "null",
                "[]",
                "7",
                "\0\1\2",
                "{\"stream\":\"S\"}",
                "{\"stream\":\"S\",\"seq\":0}",
                "{\"stream\":\"S\",\"seq\":-5}",
                "{\"stream\":\"S\",\"seq\":\"7\"}",
                "{\"stream\":\"S\",\"seq\":99999999999999999999}",
                "{\"stream\":\"S\",\"seq\":",
                "{\"error\":7,\"seq\":7}",
                "{\"error\":{\"code\":\"x\"},\"seq\":7}",
                huge());
    }

    // ---- publishes

    @ParameterizedTest
    @MethodSource("lies")
    @Scenario(19)
    void aPublishIsNotConfirmedByWhatIsNoConfirmation(String lie) {
        int asked = room.raw().subscribe("lies.>");
        room.raw().flush();
        MessageClient client = room.client();
        Heard<PublishReceipt> publish =
                room.hear(client.publish(Message.to("lies." + room.stream()).body("m")));
        answerUntilOver(asked, publish, lie);
        assertThat(publish.values()).isEmpty();
        assertThat(publish.code().category()).isIn(ErrorCode.Category.BROKER, ErrorCode.Category.LIMIT);
        room.publish("the next one is as good as ever");

        assertThat(room.stored()).isEqualTo(1);
    }

    private static void answerUntilOver(int asked, Heard<?> publish, String lie) {
        room.await("it has ended", () -> {
            room.raw()
                    .next(asked, Duration.ofMillis(10))
                    .ifPresent(question -> room.raw().publish(question.reply(), lie));
            return publish.hasEnded();
        });
    }

    // ---- the API

    private static MessageClient deceived() {
        NatsSettings settings =
                NatsSettings.builder().servers(room.server().url()).build();
        return room.client(
                "deceived",
                settings.mutate()
                        .apiPrefix("LIES." + room.stream())
                        .requestLimit(Duration.ofMillis(500))
                        .build(),
                any -> any);
    }

    private static void answer(int asked, String verb, String body) {
        RawMessage question = room.raw().next(asked);
        while (!question.subject().contains(verb)) {
            question = room.raw().next(asked);
        }
        room.raw().publish(question.reply(), body);
    }

    @ParameterizedTest
    @MethodSource("lies")
    @Scenario(19)
    void anAnswerOfTheApiThatIsNoneEndsTheConsumerWithAnErrorOfOurs(String lie) {
        int asked = room.raw().subscribe("LIES." + room.stream() + ".>");
        room.raw().flush();
        Heard<Outcome> outcomes = room.hear(room.consumer(deceived()).handle(delivery -> Mono.empty()));
        answer(asked, "STREAM.NAMES", "{\"streams\":[\"S\"]}");
        room.await("it has ended", () -> {
            room.raw()
                    .next(asked, Duration.ofMillis(10))
                    .ifPresent(question -> room.raw().publish(question.reply(), lie));
            return outcomes.hasEnded();
        });

        assertThat(outcomes.error()).isInstanceOf(MessagingException.class);
        assertThat(outcomes.code()).isNotEqualTo(ErrorCode.INTERNAL);
        assertThat(outcomes.error().getMessage()).hasSizeLessThan(2_000);
    }
}
