package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.WithServers;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What jnats writes we read, what we write it reads, and both work off one consumer together. */
@WithServers
class NatsWithJnatsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    private Connection jnats;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        jnats = Nats.connect(Options.builder()
                .server(room.server().url())
                .connectionName("jnats")
                .errorListener(new ErrorListener() {})
                .build());
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        jnats.close();
    }

    private JetStreamSubscription subscribe(ConsumerConfiguration configuration)
            throws IOException, JetStreamApiException {
        return jnats.jetStream()
                .subscribe(
                        room.topic(">"),
                        PullSubscribeOptions.builder().stream(room.stream())
                                .configuration(configuration)
                                .build());
    }

    private JetStreamSubscription joining(String group) throws IOException, JetStreamApiException {
        return jnats.jetStream().subscribe(null, PullSubscribeOptions.bind(room.stream(), group));
    }

    private static ConsumerConfiguration.Builder durable() {
        return ConsumerConfiguration.builder().durable("assessors").ackWait(NatsRoom.T);
    }

    private static byte[] noise(int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        return body;
    }

    private Heard<Message> messages() {
        return room.hear(room.client()
                .consumer(room.topic(">"), "readers", Message.class)
                .leaseTime(NatsRoom.T)
                .startFrom(io.leasehold.broker.StartPosition.EARLIEST)
                .deliveries()
                .concatMap(delivery -> delivery.settleBy(Mono.empty()).thenReturn(delivery.body())));
    }

    // ---- jnats publishes, we consume

    @Test
    void whatJnatsPublishesComesAsItWas() throws Exception {
        Headers headers = new Headers().add("Region", "NC", "US").add("Nats-Msg-Id", "72573650");
        jnats.jetStream()
                .publish(NatsMessage.builder()
                        .subject(room.topic("nc"))
                        .headers(headers)
                        .data("body")
                        .build());
        jnats.jetStream().publish(room.topic("empty"), new byte[0]);
        // Headers and body together may not be longer than this.
        byte[] large = noise(MEBIBYTE);
        jnats.jetStream().publish(room.topic("large"), large);
        Heard<Message> messages = messages();
        room.await("all came", () -> messages.values().size() == 3);
        Message first = messages.values().get(0);
        assertThat(first.topic()).isEqualTo(room.topic("nc"));
        assertThat(first.text()).isEqualTo("body");
        assertThat(first.id().orElseThrow().value()).isEqualTo("72573650");
        assertThat(first.headers().all("Region")).containsExactly("NC", "US");
        assertThat(first.headers().size()).isEqualTo(2);
        Message empty = messages.values().get(1);

        assertThat(empty.bytes()).isEmpty();
        assertThat(empty.id()).isEmpty();
        assertThat(messages.values().get(2).bytes()).isEqualTo(large);
    }

    @Test
    void headersInUtf8AreReadAndWritten() {
        String value = "Erdbeben \u00f6stlich von \u6771\u4eac \ud83c\udf0b";
        String latin = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        room.raw().answer(room.topic("nc"), "Where: " + latin + "\r\n", "m", RawNats.LIMIT);
        Heard<PublishReceipt> ours =
                room.hear(room.client().publish(room.message("m").header("Where", value)));
        room.await("ours is stored", ours::hasCompleted);
        Heard<Message> messages = messages();
        room.await("both came", () -> messages.values().size() == 2);

        assertThat(messages.values())
                .allSatisfy(
                        message -> assertThat(message.headers().first("where")).contains(value));
    }

    @Test
    void anIdOfJnatsIsKnownWhenWePublishItAgainAndTheOtherWayRound() throws Exception {
        Headers id = new Headers().add("Nats-Msg-Id", "one");
        jnats.jetStream()
                .publish(NatsMessage.builder()
                        .subject(room.topic("nc"))
                        .headers(id)
                        .data("one")
                        .build());
        Heard<PublishReceipt> again = room.hear(room.client().publish(room.message("one")));
        room.await("it is told", again::hasCompleted);
        assertThat(again.values().get(0).duplicate()).isTrue();
        room.publish("two");
        PublishAck ack = jnats.jetStream()
                .publish(NatsMessage.builder()
                        .subject(room.topic("nc"))
                        .headers(new Headers().add("Nats-Msg-Id", "two"))
                        .data("two")
                        .build());

        assertThat(ack.isDuplicate()).isTrue();
        assertThat(room.stored()).isEqualTo(2);
    }

    // ---- we publish, jnats consumes

    @Test
    void whatWePublishIsReadByJnatsWhichAcksIt() throws Exception {
        byte[] large = noise(MEBIBYTE - 200);
        List<Message> sent = List.of(
                Message.to(room.topic("nc"))
                        .id("72573650")
                        .key("NC")
                        .header("Region", "US")
                        .body("body"),
                Message.to(room.topic("empty")).id("empty").body(new byte[0]),
                Message.to(room.topic("large")).id("large").body(large));

        for (Message message : sent) {
            Heard<PublishReceipt> receipt = room.hear(room.client().publish(message));
            room.await("it is stored", receipt::hasCompleted);
        }
        JetStreamSubscription subscription = subscribe(durable().build());
        List<io.nats.client.Message> taken = new ArrayList<>();
        while (taken.size() < 3) {
            taken.addAll(subscription.fetch(3 - taken.size(), LIMIT));
        }
        assertThat(taken.get(0).getSubject()).isEqualTo(room.topic("nc"));
        assertThat(taken.get(0).getHeaders().get("Nats-Msg-Id")).containsExactly("72573650");
        assertThat(taken.get(0).getHeaders().get("Region")).containsExactly("US");
        assertThat(taken.get(0).getData()).asString(StandardCharsets.UTF_8).isEqualTo("body");
        assertThat(taken.get(1).getData()).isEmpty();
        assertThat(taken.get(2).getData()).isEqualTo(large);
        for (io.nats.client.Message message : taken) {
            message.ackSync(LIMIT);
        }

        assertThat(room.held()).isZero();
    }

    // ---- one consumer for both

    @Test
    void bothShareTheWorkOfOneConsumerAndNothingIsDoneTwice() throws Exception {
        ConcurrentHashMap<String, AtomicInteger> done = new ConcurrentHashMap<>();
        AtomicInteger ours = new AtomicInteger();
        AtomicInteger theirs = new AtomicInteger();
        Sinks.Empty<Void> shared = Sinks.empty();

        // We would do it all, if jnats came late: but for the first one we wait until it has one, too.
        room.hear(room.consumer()
                .concurrency(4)
                .handle(delivery -> Mono.delay(Duration.ofMillis(5))
                        .then(delivery.body().equals("first") ? Mono.empty() : shared.asMono())
                        .then(Mono.fromRunnable(() -> {
                            ours.incrementAndGet();
                            done.computeIfAbsent(delivery.body(), body -> new AtomicInteger())
                                    .incrementAndGet();
                        }))));
        room.publish("first");
        room.await("the consumer is there", () -> ours.get() == 1);
        JetStreamSubscription subscription = joining("assessors");
        room.publish(400);
        while (ours.get() + theirs.get() < 401) {
            for (io.nats.client.Message message : subscription.fetch(4, Duration.ofMillis(100))) {
                done.computeIfAbsent(new String(message.getData(), StandardCharsets.UTF_8), body -> new AtomicInteger())
                        .incrementAndGet();
                message.ackSync(LIMIT);
                theirs.incrementAndGet();
                shared.tryEmitEmpty();
            }
        }
        room.await("all are acked", () -> room.held() == 0);

        assertThat(done).hasSize(401);
        assertThat(done.values()).allMatch(times -> times.get() == 1);
        assertThat(ours).hasPositiveValue();
        assertThat(theirs).hasPositiveValue();
        assertThat(room.told().losses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"naks", "terms", "forgets"})
    void whatJnatsDoesNotAckIsOursAgainUnlessItTerminatesIt(String what) throws Exception {
        JetStreamSubscription subscription = subscribe(durable().build());
        room.publish("one");
        io.nats.client.Message taken = subscription.fetch(1, LIMIT).get(0);
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> Mono.just(delivery.deliveryCount())));
        room.await(
                "we wait for it",
                () -> !room.group("assessors").field("num_waiting").orElse("0").equals("0"));
        if (what.equals("naks")) {
            taken.nak();
        } else if (what.equals("terms")) {
            taken.term();
        }
        room.publish("two");
        int comes = what.equals("terms") ? 1 : 2;
        room.await("all is done", () -> outcomes.values().size() == comes && room.held() == 0);

        assertThat(outcomes.values())
                .filteredOn(outcome -> outcome.id().value().equals("one"))
                .extracting(Outcome::deliveryCount)
                .isEqualTo(what.equals("terms") ? List.of() : List.of(2));
    }

    @Test
    void whatWeGiveBackIsJnats() throws Exception {
        MessageConsumer<String> consumer = room.consumer();
        Heard<Delivery<String>> deliveries = Heard.of(consumer.deliveries(), 1);
        room.publish("one");
        room.await("it is ours", () -> deliveries.values().size() == 1);
        deliveries.values().get(0).keep();
        JetStreamSubscription subscription = joining("assessors");
        Heard<?> nak = room.hear(deliveries.values().get(0).lease().nak());
        room.await("it is given back", nak::hasCompleted);
        io.nats.client.Message taken = subscription.fetch(1, LIMIT).get(0);
        assertThat(taken.metaData().deliveredCount()).isEqualTo(2);
        taken.ackSync(LIMIT);
        deliveries.cancel();
    }

    // ---- consumers that jnats made

    private MessageClient using() {
        NatsSettings settings = NatsSettings.builder()
                .servers(room.proxy().url())
                .streams(NatsStreams.USE)
                .replicas(1)
                .maxAge(Duration.ofDays(1))
                .build();
        return room.client("using", settings, any -> any);
    }

    @Test
    void aConsumerThatJnatsMadeIsUsedWithItsOwnLeaseTime() throws Exception {
        Duration lease = Duration.ofSeconds(17);
        subscribe(durable().ackWait(lease).maxAckPending(500).build());
        Heard<Delivery<String>> deliveries = Heard.of(room.consumer(using()).deliveries(), 1);
        room.publish("one");
        room.await("it came", () -> deliveries.values().size() == 1);
        Delivery<String> delivery = deliveries.values().get(0).keep();
        assertThat(delivery.lease().remaining()).isBetween(NatsRoom.T, lease);
        assertThat(room.group("assessors").field("max_ack_pending")).contains("500");
        Heard<?> ack = room.hear(delivery.lease().ack());
        room.await("it is acked", ack::hasCompleted);
        deliveries.cancel();
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter_subject", "ack_policy", "deliver_subject"})
    void aConsumerOfAnotherKindIsRefusedAndTheKeyIsNamed(String key) throws Exception {
        ConsumerConfiguration.Builder other = durable().filterSubject(room.topic(">"));
        switch (key) {
            case "filter_subject" -> other.filterSubject(room.topic("elsewhere"));
            case "ack_policy" -> other.ackPolicy(AckPolicy.All);
            default -> other.deliverSubject("pushed.to");
        }
        jnats.jetStreamManagement().addOrUpdateConsumer(room.stream(), other.build());
        Heard<Outcome> refused = room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.await("it is refused", refused::hasEnded);

        assertThat(refused.code()).isEqualTo(ErrorCode.GROUP_MISMATCH);
        assertThat(((MessagingException) refused.error()).getMessage()).contains("'" + key + "'");
    }

    @Test
    void aConsumerThatIsMissingIsNotMadeWhereNoneMayBe() {
        Heard<Outcome> refused = room.hear(room.consumer(using()).handle(delivery -> Mono.empty()));
        room.await("it is refused", refused::hasEnded);
        assertThat(refused.code()).isEqualTo(ErrorCode.GROUP_GONE);
        assertThat(room.group("assessors").field("err_code")).contains("10014");
    }
}
