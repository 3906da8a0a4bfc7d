package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Which streams are made, what they keep, and what is told of those that are there. */
@EachServer
class NatsStreamsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AtomicInteger LAST = new AtomicInteger();

    private final NatsServer server;
    private final List<MessageClient> clients = new ArrayList<>();
    private final List<Heard<?>> heard = new ArrayList<>();
    private final Told told = new Told();
    private RawNats raw;
    private String family;

    NatsStreamsIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void open() {
        raw = RawNats.connect(server.port());
        family = "f" + Long.toString(System.nanoTime(), 36) + LAST.incrementAndGet();
    }

    @AfterEach
    void close() {
        heard.forEach(Heard::cancel);
        clients.forEach(client -> client.close().block(LIMIT));
        raw.close();
        assertThat(told.faults()).isEmpty();
    }

    private static void await(String what, BooleanSupplier holds) {
        Threads.await(what, LIMIT, holds);
    }

    private MessageClient client(UnaryOperator<NatsSettings.Builder> change) {
        NatsSettings settings = change.apply(
                        NatsSettings.builder().servers(server.url()).storage(NatsStorage.MEMORY))
                .build();
        MessageClient client = MessageClient.builder()
                .broker(NatsBroker.of(settings))
                .recorder(told)
                .build();
        clients.add(client);
        return client;
    }

    private MessageClient client() {
        return client(any -> any);
    }

    private <V> Heard<V> hear(Publisher<V> publisher) {
        Heard<V> each = Heard.of(publisher);
        heard.add(each);
        return each;
    }

    private <V> Heard<V> ended(Publisher<V> publisher) {
        Heard<V> each = hear(publisher);
        await("it has ended", each::hasEnded);
        return each;
    }

    private String api(String what, String body) {
        return raw.request("$JS.API." + what, body).body();
    }

    private void keep(String stream, String keys) {
        assertThat(api(
                        "STREAM.CREATE." + stream,
                        "{\"name\":\"%s\",\"storage\":\"memory\",%s}".formatted(stream, keys)))
                .doesNotContain("\"error\"");
    }

    private String stream(String name, String field) {
        return raw.request("$JS.API.STREAM.INFO." + name, "").field(field).orElse("");
    }

    private String streamOf(String topic) {
        return api("STREAM.NAMES", "{\"subject\":\"" + topic + "\"}")
                .replaceAll("(?s).*\"streams\":\\s*\\[([^\\]]*)\\].*|.*", "$1")
                .replaceAll("[\"\\s]", "");
    }

    private MessageConsumer<String> consumer(MessageClient client, String filter) {
        return client.consumer(filter, "workers", String.class)
                .leaseTime(Duration.ofSeconds(6))
                .startFrom(StartPosition.EARLIEST);
    }

    private Heard<Outcome> consume(MessageConsumer<String> consumer, List<String> bodies) {
        return hear(consumer.handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
    }

    private Heard<PublishReceipt> publish(MessageClient client, String topic) {
        return ended(client.publish(Message.to(topic).body("x")));
    }

    private boolean differs(ErrorCode code, String subject) {
        return told.events().stream()
                .anyMatch(event -> event.kind() == MessagingEvent.Kind.BROKER_DIFFERS
                        && event.code() == code
                        && event.subject().equals(subject));
    }

    // ---- what bounds what

    @Test
    void theDeadLettersOfAFamilyDoNotBoundItsMessages() {
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = client();
        consume(consumer(client, family + ".new").deadLetterTo(family + ".dead"), bodies);
        await("the stream", () -> !streamOf(family + ".new").isEmpty());

        assertThat(streamOf(family + ".dead")).isEqualTo(streamOf(family + ".new"));
        assertThat(stream(family, "max_msgs")).isEqualTo("-1");
        assertThat(stream(family, "max_bytes")).isEqualTo("-1");
    }

    @Test
    void aRetentionForOneTopicGetsAStreamOfItsOwnAndBoundsNoOther() {
        MessageClient client = client();
        assertThat(ended(client.declare(
                                family + ".audit",
                                Retention.builder()
                                        .messagesMax(5)
                                        .bytesMax(1 << 20)
                                        .build()))
                        .error())
                .isNull();
        List<String> bodies = new CopyOnWriteArrayList<>();
        consume(consumer(client, family + ".new"), bodies);
        for (int i = 0; i < 8; i++) {
            assertThat(publish(client, family + ".new").error()).isNull();
            assertThat(publish(client, family + ".audit").error()).isNull();
        }

        await("none is lost", () -> bodies.size() == 8);
        assertThat(streamOf(family + ".audit")).isNotEqualTo(streamOf(family + ".new"));
        assertThat(stream(family + "+audit", "messages")).isEqualTo("5");
        assertThat(stream(family + "+new", "max_msgs")).isEqualTo("-1");
    }

    @Test
    void aRetentionForOneTopicOfAStreamThatKeepsMoreIsRefused() {
        MessageClient client = client();
        assertThat(ended(client.declare(family + ".any", Retention.defaults())).error())
                .isNull();

        assertThat(ended(client.declare(
                                family + ".audit",
                                Retention.builder().messagesMax(5).bytesMax(100).build()))
                        .code())
                .isEqualTo(ErrorCode.GROUP_MISMATCH);
        assertThat(stream(family, "max_msgs")).isEqualTo("-1");
    }

    @Test
    void declaringTheSameAgainChangesNothingAndOtherBoundsAreRefused() {
        Retention bounds = Retention.builder().messagesMax(5).bytesMax(100_000).build();
        assertThat(ended(client().declare(family + ".a", bounds)).error()).isNull();

        assertThat(ended(client().declare(family + ".a", bounds)).error()).isNull();
        assertThat(ended(client().declare(
                                        family + ".a",
                                        Retention.builder()
                                                .messagesMax(6)
                                                .bytesMax(100_000)
                                                .build()))
                        .code())
                .isEqualTo(ErrorCode.GROUP_MISMATCH);
    }

    @Test
    void theDeadLettersOfAFamilyThatKeepsByInterestAreKept() {
        MessageClient client = client(settings -> settings.retention(NatsRetention.INTEREST));
        Heard<Outcome> outcomes = hear(consumer(client, family + ".new")
                .deadLetterTo("dead" + family + ".new")
                .maxDeliveries(1)
                .handle(delivery -> Mono.error(new IllegalStateException("not this one"))));
        await(
                "the group",
                () -> !api("CONSUMER.INFO." + family + ".workers", "").contains("\"error\""));
        assertThat(publish(client, family + ".new").error()).isNull();
        await("the letter", () -> outcomes.values().size() == 1);

        assertThat(outcomes.values().get(0).kind()).isEqualTo(Outcome.Kind.DEAD_LETTERED);
        assertThat(stream("dead" + family + "+new", "messages")).isEqualTo("1");
    }

    // ---- a producer alone

    @Test
    void aProducerAloneDeclaresWhatItPublishes() {
        MessageClient client = client();
        assertThat(publish(client, family + ".a").code()).isEqualTo(ErrorCode.NO_GROUP);

        assertThat(ended(client.declare(family + ".a", Retention.defaults())).error())
                .isNull();
        assertThat(publish(client, family + ".a").error()).isNull();
    }

    @Test
    void aNamedStreamIsMadeBeforeAnythingIsAskedFor() {
        MessageClient client = client(settings -> settings.stream(NatsStream.builder(family + "N")
                .subjects(family + ".>", family + "2.a")
                .maxMessages(7)
                .maxBytes(70_000)
                .maxAge(Duration.ofMinutes(3))
                .build()));
        assertThat(publish(client, family + ".a").error()).isNull();
        List<String> bodies = new CopyOnWriteArrayList<>();
        consume(consumer(client, family + ".>"), bodies);
        await("it is consumed", () -> bodies.size() == 1);

        assertThat(streamOf(family + "2.a")).isEqualTo(family + "N");
        assertThat(stream(family + "N", "max_msgs")).isEqualTo("7");
        assertThat(stream(family + "N", "max_bytes")).isEqualTo("70000");
        assertThat(stream(family + "N", "max_age"))
                .isEqualTo(String.valueOf(Duration.ofMinutes(3).toNanos()));
        assertThat(told.count(MessagingEvent.Kind.STREAM_MADE)).isEqualTo(1);
    }

    @Test
    void aNamedStreamWithOtherSubjectsEndsTheConsumersOfItAndIsTold() {
        keep(family + "N", "\"subjects\":[\"" + family + ".other\"]");
        MessageClient client = client(settings -> settings.stream(
                NatsStream.builder(family + "N").subjects(family + ".>").build()));

        assertThat(ended(consumer(client, family + ".a").handle(delivery -> Mono.empty()))
                        .code())
                .isEqualTo(ErrorCode.GROUP_MISMATCH);
        await("it is told", () -> differs(ErrorCode.GROUP_MISMATCH, "leasehold.nats.streams"));
    }

    @Test
    void aNamedStreamWithOtherLimitsIsUsedAndTold() {
        keep(family + "N", "\"max_msgs\":9,\"subjects\":[\"" + family + ".>\"]");
        MessageClient client = client(settings -> settings.stream(NatsStream.builder(family + "N")
                .subjects(family + ".>")
                .maxMessages(8)
                .build()));

        assertThat(publish(client, family + ".a").error()).isNull();
        await("it is told", () -> differs(ErrorCode.GROUP_MISMATCH, family + "N"));
    }

    // ---- two of one name

    @Test
    void aStreamOfTheNameThatKeepsOtherTopicsIsNotTakenForOurs() {
        keep(family, "\"subjects\":[\"other" + family + ".>\"]");

        assertThat(ended(consumer(client(), family + ".a").handle(delivery -> Mono.empty()))
                        .code())
                .isEqualTo(ErrorCode.GROUP_MISMATCH);
        assertThat(ended(client().declare(family + ".a", Retention.defaults())).code())
                .isEqualTo(ErrorCode.GROUP_MISMATCH);
    }

    @Test
    void familiesWhoseNamesDifferInAnyLetterHaveStreamsOfTheirOwn() {
        MessageClient client = client();
        for (String each : List.of(family + "p$q", family + "p+q", family + "p_q", family + "p=24q")) {
            assertThat(ended(client.declare(each + ".a", Retention.defaults())).error())
                    .isNull();
            assertThat(publish(client, each + ".a").error()).isNull();
        }

        assertThat(told.count(MessagingEvent.Kind.STREAM_MADE)).isEqualTo(4);
    }

    @Test
    void aStreamThatKeepsOnlyAPartOfTheFilterIsTold() {
        keep(family + "N", "\"subjects\":[\"" + family + ".a\"]");
        List<String> bodies = new CopyOnWriteArrayList<>();
        MessageClient client = client();
        consume(consumer(client, family + ".>"), bodies);
        assertThat(publish(client, family + ".a").error()).isNull();

        await("what is kept is consumed", () -> bodies.size() == 1);
        await("the rest is told", () -> differs(ErrorCode.GROUP_MISMATCH, family + "N"));
    }

    // ---- ids

    @Test
    void aStreamThatForgetsIdsBeforePublishesEndIsToldToPublishersAlone() {
        keep(family, "\"duplicate_window\":1000000000,\"subjects\":[\"" + family + ".>\"]");

        assertThat(publish(client(), family + ".a").error()).isNull();
        await("it is told", () -> differs(ErrorCode.BAD_SETTING, family));
    }

    @Test
    void aWindowThatIsShorterThanPublishesAreRepeatedIsRefused() {
        MessageClient[] none = new MessageClient[1];
        Throwable refused = catchThrowable(() -> none[0] =
                client(settings -> settings.maxAge(Duration.ofDays(1)).duplicateWindow(Duration.ofSeconds(1))));

        assertThat(MessagingException.codeOf(refused)).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(none[0]).isNull();
    }

    // ---- groups

    @Test
    void aDeletedGroupIsGoneFromTheServer() {
        MessageClient client = client();
        Heard<Outcome> outcomes = consume(consumer(client, family + ".>"), new CopyOnWriteArrayList<>());
        await(
                "the group",
                () -> !api("CONSUMER.INFO." + family + ".workers", "").contains("\"error\""));
        outcomes.cancel();

        assertThat(ended(client.deleteGroup(family + ".other", "workers")).values())
                .as("another filter, so another group")
                .containsExactly(false);
        assertThat(api("CONSUMER.INFO." + family + ".workers", "")).doesNotContain("\"error\"");
        assertThat(ended(client.deleteGroup(family + ".>", "workers")).values()).containsExactly(true);
        assertThat(api("CONSUMER.INFO." + family + ".workers", "")).contains("\"error\"");
        assertThat(ended(client.deleteGroup(family + ".>", "workers")).values()).containsExactly(false);
    }
}
