package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.jetstream.ScriptedServer.Sent;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Whatever a stream says that makes no sense, its consumers and publishers go on. */
class HostileStreamIT {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int CONCURRENCY = 4;
    private static final String NOTHING = "{\"type\":\"io.nats.jetstream.api.v1.consumer_info_response\"}";

    private final ScriptedServer server = new ScriptedServer(LEASE.toNanos());
    private final Told told = new Told();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final MessageClient client = MessageClient.builder()
            .broker(NatsBroker.connect(server.url()))
            .recorder(told)
            .build();
    private Heard<Outcome> outcomes;

    @BeforeEach
    void consume() {
        server.answerSettlements();
        outcomes = consumeOnce();
    }

    @AfterEach
    void close() {
        outcomes.cancel();
        client.close().block(RawNats.LIMIT);
        server.close();
        assertThat(told.faults())
                .allSatisfy(
                        fault -> assertThat(MessagingException.codeOf(fault)).isEqualTo(ErrorCode.PROTOCOL));
    }

    private Heard<Outcome> consumeOnce() {
        return Heard.of(client.consumer("S.>", ScriptedServer.GROUP, String.class)
                .leaseTime(LEASE)
                .concurrency(CONCURRENCY)
                .handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
    }

    private static void await(String what, java.util.function.BooleanSupplier holds) {
        Threads.await(what, RawNats.LIMIT, holds);
    }

    /** Hands a message out for each pull that comes, until it was worked on, maybe more than once, and acked. */
    private void assertGoesOn() {
        deliver(1_000);
        await("the ack", () -> server.sent().stream().anyMatch(HostileStreamIT::isAckOfTheGood));
        assertThat(outcomes.isOpen()).isTrue();
    }

    // The last pull may be one that has been withdrawn meanwhile.
    private void deliver(int sequence) {
        Sent[] tried = {null};
        await("it goes on", () -> {
            Sent pull = server.lastPull();
            if (pull != tried[0]) {
                tried[0] = pull;
                server.deliver(pull, sequence);
            }
            return bodies.contains("body " + sequence);
        });
    }

    private static boolean isAckOfTheGood(Sent sent) {
        return sent.subject().startsWith("$JS.ACK.S.G.1.1000.") && sent.body().equals("+ACK");
    }

    /** Behind its address nobody else answers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatIsAboutToGoIsTakenFromUntilItDoesAlsoWhenItStaysAfterAll(boolean goes) {
        assertGoesOn();
        server.leave(true);
        await("it is told", () -> told.count(Kind.SERVER_LEAVING) == 1);
        if (!goes) {
            server.leave(false);
        }
        for (int sequence = 1; sequence < 3 * CONCURRENCY; sequence++) {
            deliver(sequence);
        }

        assertThat(told.count(Kind.DISCONNECTED)).isZero();
    }

    // ---- statuses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100",
                "100 Idle Heartbeat\r\nNats-Last-Consumer: -1\r\nNats-Consumer-Stalled: $JS.API.STREAM.DELETE.S",
                "100 FlowControl Request",
                "200 OK",
                "404",
                "404 No Messages\r\nNats-Pending-Messages: -1",
                "408 Request Timeout\r\nNats-Pending-Messages: 99999999999999999999",
                "408 Request Timeout\r\nNats-Pending-Messages: many",
                "409",
                "409 Consumer is Asleep",
                "409 \0\1\2",
                "412 Required Api Level",
                "423 Nats-Wrong-Pin-Id",
                "503",
                "999",
                "40",
                "4x4",
                "-404 No Messages",
                "12345 What",
            })
    @Scenario(19)
    void aStatusThatMakesNoSenseEndsNoConsumer(String status) {
        server.tell(server.pull(0), status);
        server.tell(server.lastPull(), status);
        assertGoesOn();
        assertThat(bodies).containsOnly("body 1000");
    }

    @Test
    void aStatusOfAnyLengthIsBorne() {
        server.tell(server.pull(0), "409 " + "x".repeat(60_000));
        assertGoesOn();
        assertThat(told.events())
                .allSatisfy(event -> assertThat(event.toString()).hasSizeLessThan(2_000));
    }

    // ---- deliveries

    static Stream<String> replies() {
        return Stream.of(
                "",
                "reply",
                "$JS.ACK",
                "$JS.ACK.",
                "$JS.ACK.........",
                "$JS.ACK.S.G.1.1.1.1",
                "$JS.ACK.S.G.1.1.1.1.1.1",
                "$JS.ACK.S.G.0.1.1.1.1",
                "$JS.ACK.S.G.-1.1.1.1.1",
                "$JS.ACK.S.G.1.-1.1.1.1",
                "$JS.ACK.S.G.1.1.x.1.1",
                "$JS.ACK.S.G.99999999999.1.1.1.1",
                "$JS.ACK.S.G.1.99999999999999999999.1.1.1",
                "$JS.ACK.S.G.1.1.99999999999999999999.1.1",
                "$JS.API.STREAM.DELETE.S",
                "\u00ff\u00fe.$JS.ACK.S.G.1.1.1.1.1",
                "a.".repeat(1_000) + "a");
    }

    /** Nothing could settle it: it is left to the server. */
    @ParameterizedTest
    @MethodSource("replies")
    void whatHasNoReplySubjectOfJetStreamIsNotWorkedOn(String reply) {
        Sent pull = server.pull(0);
        server.raw(server.delivery(pull, reply, "bad"));

        assertGoesOn();
        assertThat(bodies).containsOnly("body 1000");
        assertThat(server.sent())
                .extracting(Sent::subject)
                .doesNotContain(reply)
                .noneMatch(subject -> subject.contains("DELETE"));
    }

    static Stream<String> blocks() {
        return Stream.of(
                "NATS/1.0\r\n" + "a: b\r\n".repeat(9_000) + "\r\n",
                "NATS/1.0\r\n" + distinct(5_000) + "\r\n",
                "NATS/1.0\r\n\r\n",
                "NATS/1.0\r\nnothing of use\r\n: none\r\n:\r\na\0b: c\r\n b: c\r\nb: \1\r\n\r\n",
                "NATS/1.0\r\nb: " + "x".repeat(60_000) + "\r\n\r\n",
                "NATS/1.0\r\nNats-Msg-Id: \r\nNats-Msg-Id: " + "i".repeat(40_000) + "\r\n\r\n",
                "NATS/1.0\r\nNats-Msg-Id: \u00ff\u00fe\r\nLeasehold-Key: \u00ff\r\n\r\n",
                "NATS/1.0\r\na: b",
                "NATS/1.0\n\n",
                "NATS/7.0\r\na: b\r\n\r\n",
                "\r\n\r\n",
                "x");
    }

    private static String distinct(int headers) {
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < headers; i++) {
            block.append("n").append(i).append(": v\r\n");
        }
        return block.toString();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void noHeaderBlockLosesTheMessage(String block) {
        Sent pull = server.pull(0);
        server.raw(server.headed(pull, 1, block, "kept"));
        await("it is worked on", () -> bodies.contains("kept"));
        assertGoesOn();
    }

    @Test
    void whatComesTwiceIsWorkedOnOnce() {
        Sent pull = server.pull(0);
        server.raw(server.delivery(pull, 1).repeat(2));
        assertGoesOn();
        // Another thread may work on it than on the one that was good.
        await("the first", () -> bodies.contains("body 1"));

        assertThat(bodies).filteredOn("body 1"::equals).hasSize(1);
    }

    @Test
    void moreThanWasAskedForIsNotHeld() {
        Sent pull = server.pull(0);
        StringBuilder flood = new StringBuilder();

        for (int i = 1; i <= 900; i++) {
            flood.append(server.delivery(pull, i));
        }
        server.raw(flood.toString());

        assertGoesOn();
        assertThat(client.snapshot().block(RawNats.LIMIT).held().size()).isLessThanOrEqualTo(CONCURRENCY);
        await("it is told", () -> told.events().stream().anyMatch(HostileStreamIT::isTroubleOfTheProtocol));
        assertThat(told.faults()).isEmpty();
    }

    // Servers up to 2.9 say so of a consumer that is being deleted, and when they shut down.
    @Test
    void anAnswerThatTellsOfNoConsumerEndsItsLifeOnlyWhenTheServerSaysThatThereIsNone() {
        server.tellOfConsumer(NOTHING);
        Sent ended = server.pull(0);
        server.tell(ended, "503");
        await("it goes on", () -> server.lastPull() != ended);
        assertThat(server.asked("$JS.API.CONSUMER.INFO")).isEqualTo(2);
        assertThat(told.faults()).isEmpty();
        assertThat(outcomes.isOpen()).isTrue();
        server.tellOfConsumer("{\"error\":{\"code\":404,\"err_code\":10014,\"description\":\"consumer not found\"}}");
        server.tell(server.lastPull(), "503");
        await("it is made anew", () -> server.asked("$JS.API.CONSUMER.CREATE") > 0);
        server.tellOfConsumer("");

        assertGoesOn();
    }

    // Before 2.11 each server of a cluster has an instant of its own: after the leader was killed another one tells.
    @Test
    void aLeaderThatTellsAnotherInstantLeadsTheSameGroup() {
        assertGoesOn();
        server.tellOfConsumerMadeAt("2026-01-01T00:00:00.008Z");
        long before = server.asked("$JS.API.CONSUMER.INFO");
        server.tell(server.lastPull(), "503");
        await("it is asked", () -> server.asked("$JS.API.CONSUMER.INFO") > before);
        // What is delivered at first may overtake the answer.
        deliver(2);
        deliver(3);

        assertThat(outcomes.isOpen()).isTrue();
        assertThat(told.count(Kind.GROUP_DELETED)).isZero();
    }

    // One whose replica was made when it came back says so after its restart, and may have forgotten deliveries.
    @Test
    void aLeaderWhoseReplicaIsYoungerLeadsTheSameGroup() {
        assertGoesOn();
        server.tellOfConsumer("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", 1_000);
        ask();
        server.tellOfConsumer("2026-01-01T00:00:08.8Z", "2026-01-01T00:02:00Z", 998);
        ask();
        deliver(2);
        deliver(3);

        assertThat(outcomes.isOpen()).isTrue();
        assertThat(told.count(Kind.GROUP_DELETED)).isZero();
    }

    @Test
    void whatWasMadeAfterTheGroupWasLastSeenIsAnotherOne() {
        assertGoesOn();
        server.tellOfConsumer("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", 1_000);
        ask();
        server.tellOfConsumer("2026-01-01T00:01:02Z", "2026-01-01T00:01:03Z", 3);
        ask();
        await("it is told", () -> told.count(Kind.GROUP_DELETED) == 1);

        assertGoesOn();
    }

    private void ask() {
        Sent ended = server.lastPull();
        long before = server.asked("$JS.API.CONSUMER.INFO");
        server.tell(ended, "503");
        await("it is asked", () -> server.asked("$JS.API.CONSUMER.INFO") > before);
        // It pulls again when it has read the answer, or the group is another one.
        await("it pulls again", () -> server.lastPull() != ended);
    }

    @Test
    void anAnswerThatWasMangledAtTheStartIsAskedForAgain() {
        server.pull(0);
        outcomes.cancel();
        long before = server.asked("$JS.API.CONSUMER.INFO");
        server.tellOfConsumer("{\"name\":\"G\",\"crea");
        outcomes = consumeOnce();
        await("it is asked again", () -> server.asked("$JS.API.CONSUMER.INFO") > before + 1);
        server.tellOfConsumer("");

        assertGoesOn();
    }

    @Test
    void whatOneIsToldNothingOfIsMade() {
        server.pull(0);
        outcomes.cancel();
        server.tellOfConsumer(NOTHING);
        outcomes = consumeOnce();
        await("it is made", () -> server.asked("$JS.API.CONSUMER.CREATE") > 0);

        assertGoesOn();
        assertThat(told.faults()).isEmpty();
    }

    @Test
    void whatAnotherInstanceMadeAndMarkedAtTheSameTimeIsTakenAsItIs() {
        server.pull(0);
        outcomes.cancel();
        server.tellOfConsumer("{\"error\":{\"code\":404,\"err_code\":10014,\"description\":\"consumer not found\"}}");
        server.markWhatIsMade();
        outcomes = consumeOnce();
        await("it is made", () -> server.asked("$JS.API.CONSUMER.CREATE") > 0);

        assertGoesOn();
        assertThat(server.asked("$JS.API.CONSUMER.CREATE")).isEqualTo(1);
    }

    @Test
    void whatCannotBeTrueOfAConsumerIsToldAndEndsNothing() {
        server.pull(0);
        server.tellOfConsumer("{\"name\":\"G\",\"created\":\"yesterday\"}");
        server.tell(server.lastPull(), "503");
        await("it is told", () -> told.events().stream().anyMatch(HostileStreamIT::isTroubleOfTheProtocol));
        assertThat(told.faults()).isEmpty();
        server.tellOfConsumer("");

        assertGoesOn();
    }

    private static boolean isTroubleOfTheProtocol(MessagingEvent event) {
        return event.kind() == MessagingEvent.Kind.TROUBLE && event.code() == ErrorCode.PROTOCOL;
    }

    @Test
    void whatComesAfterTheEndOfAConsumerIsNotWorkedOn() {
        Sent pull = server.pull(0);
        assertGoesOn();
        outcomes.cancel();
        server.raw(server.delivery(pull, 1));
        outcomes = consumeOnce();
        deliver(2);

        assertThat(bodies).doesNotContain("body 1");
    }

    // The request of an ack that was answered carries the next one.
    @Test
    void anAckIsConfirmedByItsOwnAnswerAlone() {
        server.leaveSettlements();
        deliver(1);
        Sent first = ack(1);
        server.answer(first, "");
        await("the first is acked", () -> outcomes.values().size() == 1);
        deliver(2);
        Sent second = ack(2);
        assertThat(second.reply()).isNotEqualTo(first.reply());
        server.answer(first, "");
        server.answer(first, "");
        await("late answers are told", () -> told.count(MessagingEvent.Kind.LATE_ANSWER) == 2);
        assertThat(outcomes.values()).hasSize(1);
        server.answer(second, "");
        await("the second is acked", () -> outcomes.values().size() == 2);

        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
    }

    private Sent ack(int sequence) {
        String subject = "$JS.ACK.S.G.1." + sequence + ".";
        List<Sent> acks = new ArrayList<>();
        await("the ack", () -> {
            // What is worked on for long, as on a machine that stands still, is touched before.
            server.sent().stream()
                    .filter(sent ->
                            sent.subject().startsWith(subject) && sent.body().equals("+ACK"))
                    .forEach(acks::add);
            return !acks.isEmpty();
        });
        return acks.get(0);
    }

    // ---- publishes

    @Test
    void aPublishIsAnsweredOnceHoweverOftenAndByWhomItIsConfirmed() {
        server.answerPublishes(
                "{\"stream\":\"OTHER\",\"seq\":9}", "{\"stream\":\"S\",\"seq\":10}", "", "{\"error\":{}}");
        for (int i = 0; i < 50; i++) {
            Heard<PublishReceipt> publish = publish("m" + i);
            assertThat(publish.values()).extracting(PublishReceipt::sequence).containsExactly(9L);
            assertThat(publish.ends()).isEqualTo(1);
        }
        await("the others are late", () -> told.count(MessagingEvent.Kind.LATE_ANSWER) == 3 * 50);

        assertGoesOn();
    }

    /** Whoever answered may have stored it or not: asked again, and unknown at last. */
    @Test
    void theFirstAnswerCountsAlsoWhereItIsNonsense() {
        server.answerPublishes("nonsense", "{\"stream\":\"S\",\"seq\":10}");
        assertThat(publish("m").code().category()).isIn(ErrorCode.Category.BROKER, ErrorCode.Category.LIMIT);
        server.answerPublishes("{\"stream\":\"S\",\"seq\":11}");
        assertThat(publish("n").values()).extracting(PublishReceipt::sequence).containsExactly(11L);
    }

    // ---- what it says of itself

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"headers\":false}",
                "{\"jetstream\":false}",
                "{\"version\":\"0.0.1\"}",
                "{\"version\":\"\\u0000\"}",
                "{\"tls_required\":true}",
                "{\"auth_required\":true,\"nonce\":\"x\"}",
                "{\"max_payload\":-1,\"max_payload_\":7}",
                "{\"api_lvl\":-1}",
                "{\"connect_urls\":[\"evil:1\",\"\",7,{},[[]]]}",
            })
    void whatAServerSaysOfItselfLaterEndsNothing(String info) {
        server.pull(0);
        server.raw("INFO " + info + "\r\nINFO {\"max_payload\":1048576}\r\n");
        assertGoesOn();
        assertThat(publish("m").values()).extracting(PublishReceipt::sequence).containsExactly(7L);
        assertThat(told.count(MessagingEvent.Kind.DISCONNECTED)).isZero();
    }

    @Test
    void aLimitThatShrinksIsKeptAndAppliesToWhatIsWrittenFromThen() {
        server.pull(0);
        assertThat(publish("0123456789").code()).isNull();
        server.raw("INFO {\"max_payload\":100}\r\n");
        assertGoesOn();
        assertThat(publish("x".repeat(200)).code()).isEqualTo(ErrorCode.TOO_LARGE);
        server.raw("INFO {\"max_payload\":1000}\r\n");
        await("it is heard", () -> publish("x".repeat(200)).code() == null);
    }

    private Heard<PublishReceipt> publish(String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to("S.a").body(body)));
        await("the publish has ended", publish::hasEnded);
        return publish;
    }
}
