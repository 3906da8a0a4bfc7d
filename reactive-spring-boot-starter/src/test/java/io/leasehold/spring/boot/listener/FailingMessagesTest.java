package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;

/** What a listener cannot work on ends as a dead letter with all that it had, and the log says why and what to do. */
@SpringBootTest(
        classes = {Probe.class, FailingMessagesTest.Desk.class},
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "leasehold.consumer.max-deliveries=2",
            "leasehold.consumer.redelivery.first=10ms",
            "leasehold.consumer.dead-letter-to=dead.letters",
            "leasehold.listeners.dead.dead-letter-to=",
            "leasehold.listeners.silent.redelivery.factor=100",
            "leasehold.listeners.silent.dead-letter-to="
        })
@EnableAutoConfiguration
@ExtendWith(OutputCaptureExtension.class)
class FailingMessagesTest {
    private static final String LETTERS = "dead.letters";
    private static final String HERE = "@LeaseListener " + FailingMessagesTest.class.getName() + "$Desk.";

    @Autowired
    private ApplicationContext context;

    @Autowired
    private Probe probe;

    @Autowired
    private Desk desk;

    @BeforeEach
    void forget() {
        probe.forget();
        desk.letters.clear();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "null.mono   | {\"magnitude\":4.4} | LH-110 | nullMono(Quake)  | the method returned null",
                "null.stage  | {\"magnitude\":4.4} | LH-110 | nullStage(Quake) | return Mono.empty()",
                "fails       | {\"magnitude\":4.4} | LH-301 |                  | planted",
                "wrong.type  | {\"magnitude\":[]}  | LH-106 |                  | could not be decoded",
                "wrong.list  | {\"magnitude\":4.4} | LH-106 |                  | could not be decoded",
                "no.json     | nc 4.4              | LH-106 |                  | could not be decoded",
                "no.body     | null                | LH-106 |                  | the body is JSON null",
                "no.header   | {\"magnitude\":4.4} | LH-106 | noHeader(String)  | lacks the header 'since'",
            })
    void theDeadLetterHasAllThatTheMessageHad(String topic, String body, String code, String where, String what)
            throws InterruptedException {
        Message message = Message.to(topic)
                .id("id-" + topic)
                .key("NC")
                .header("trace", "t-7")
                .body(body);
        Probe.publish(context, message);

        Delivery<?> letter = desk.letters.poll(20, TimeUnit.SECONDS);
        assertThat(letter).isNotNull();
        assertThat(letter.message().text()).isEqualTo(body);
        assertThat(letter.key()).contains("NC");
        assertThat(letter.headers().first("trace")).contains("t-7");
        assertThat(letter.headers().first("Leasehold-Topic")).contains(topic);
        assertThat(letter.headers().first("Leasehold-Message-Id")).contains("id-" + topic);
        assertThat(letter.headers().first("Leasehold-Code")).contains(code);
        assertThat(letter.headers().first("Leasehold-Reason").orElseThrow())
                .contains(what)
                .contains(where == null ? "" : HERE + where);
    }

    @Test
    void withoutDeadLettersTheLogSaysWhatWhereAndWhatToDo(CapturedOutput output) {
        Probe.publish(context, Message.to("silent").id("id-1").body("{\"magnitude\":4.4}"));
        List<Outcome> outcomes = probe.await("id-1", 2);

        assertThat(outcomes).extracting(Outcome::kind).containsOnly(Outcome.Kind.NAKED);
        assertThat(output)
                .contains("Listener silent: message id-1 of silent, delivery 1: NAKED, LH-110 BAD_HANDLER")
                .contains("Listener silent: message id-1 of silent, delivery 2: NAKED, LH-110 BAD_HANDLER")
                .contains("the method returned null [" + HERE + "silent(Quake)]; return Mono.empty() for nothing");
    }

    @Test
    void aDeadLetterIsOneLine(CapturedOutput output) throws InterruptedException {
        Probe.publish(context, Message.to("fails").id("id-once").body("{\"magnitude\":4.4}"));
        assertThat(desk.letters.poll(20, TimeUnit.SECONDS)).isNotNull();

        probe.await("id-once", 2);

        assertThat(linesOf(output, "id-once"))
                .filteredOn(line -> line.contains("DEAD_LETTERED"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("ERROR", "Listener fails", "LH-301 HANDLER_FAILED", "planted", "redrive");
    }

    @Test
    void aFailureThatIsTriedAgainIsOneLine(CapturedOutput output) {
        Probe.publish(context, Message.to("silent").id("id-again").body("{\"magnitude\":4.4}"));
        probe.await("id-again", 1);

        assertThat(linesOf(output, "id-again"))
                .filteredOn(line -> line.contains("delivery 1") || line.contains("FAILED"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("WARN", "Listener silent", "NAKED, LH-110 BAD_HANDLER");
    }

    private static List<String> linesOf(CapturedOutput output, String id) {
        return output.toString().lines().filter(line -> line.contains(id)).toList();
    }

    /** What the messages are about. */
    record Quake(double magnitude) {}

    /** Listeners that fail in many ways, and one for the dead letters. */
    static final class Desk {
        final BlockingQueue<Delivery<?>> letters = new LinkedBlockingQueue<>();

        @LeaseListener(topic = LETTERS, group = "dead")
        void dead(Delivery<Message> letter) {
            letters.add(letter);
        }

        @LeaseListener(topic = "null.mono", group = "null-mono")
        @Nullable
        Mono<Void> nullMono(Quake quake) {
            return null;
        }

        @LeaseListener(topic = "null.stage", group = "null-stage")
        @Nullable
        CompletionStage<Void> nullStage(Quake quake) {
            return null;
        }

        @LeaseListener(topic = "silent", group = "silent")
        @Nullable
        Mono<Void> silent(Quake quake) {
            return null;
        }

        @LeaseListener(topic = "fails", group = "fails")
        void fails(Quake quake) {
            throw new IllegalStateException("planted");
        }

        @LeaseListener(topic = "wrong.type", group = "wrong-type")
        void wrongType(Quake quake) {}

        @LeaseListener(topic = "wrong.list", group = "wrong-list")
        void wrongList(Map<String, List<Quake>> quakes) {}

        @LeaseListener(topic = "no.json", group = "no-json")
        void noJson(Quake quake) {}

        @LeaseListener(topic = "no.body", group = "no-body")
        void noBody(Quake quake) {}

        @LeaseListener(topic = "no.header", group = "no-header", deadLetterTo = LETTERS)
        void noHeader(@LeaseHeader("since") String since) {}
    }
}
