package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The same input over the embedded broker and over NATS: what comes out is equal, or is refused with one code. */
@EachServer
class TwoBrokersIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final NatsServer server;
    private final EmbeddedBroker broker = EmbeddedBroker.create(
            EmbeddedSettings.builder().messageBytesMax(1 << 20).build());
    private Side embedded;
    private Side nats;

    TwoBrokersIT(NatsServer server) {
        this.server = server;
    }

    /**
     * A line of the table.
     *
     * @param what what is odd about it
     * @param expected for each message, {@code stored}, {@code duplicate}, or the code of its refusal
     * @param messages how each is made, which may be refused already
     */
    record Row(String what, List<String> expected, List<Supplier<Message>> messages) {
        @Override
        public String toString() {
            return what.replaceAll("[^ -~]", "?");
        }
    }

    /**
     * What became of a row.
     *
     * @param ends of each message, as in {@link Row#expected}
     * @param received what a group was given
     */
    private record Result(List<String> ends, List<Message> received) {}

    /** A client of one broker, and a group that takes all there is. */
    private static final class Side {
        private final List<Message> received = new CopyOnWriteArrayList<>();
        private final Disposable.Composite running = Disposables.composite();
        private final MessageClient client;
        private int ends;

        Side(Broker broker) {
            client = MessageClient.builder().broker(broker).build();
            consume("odd");
            consume("even");
        }

        private void consume(String family) {
            for (String filter : List.of(family, family + ".>")) {
                String group = filter.replace(".>", "s");
                running.add(client.consumer(filter, group, Message.class)
                        .concurrency(1)
                        .handle(delivery -> Mono.fromRunnable(() -> received.add(delivery.message())))
                        .subscribe());
                Threads.await("the group of " + filter, LIMIT, () -> isKept(filter.replace(">", "end")));
            }
        }

        private boolean isKept(String topic) {
            // Delivered whenever it is, and in the midst of the first row's.
            return "stored".equals(publish(() -> Message.to(topic).id("end-of-" + UUID.randomUUID())));
        }

        String publish(Supplier<Message> message) {
            try {
                PublishReceipt receipt = client.publish(message.get()).block(LIMIT);
                return receipt.duplicate() ? "duplicate" : "stored";
            } catch (RuntimeException refused) {
                return MessagingException.codeOf(refused).toString();
            }
        }

        Result result(Row row) {
            received.clear();
            List<String> outcomes = row.messages().stream().map(this::publish).toList();
            MessageId last = MessageId.of("end-" + ++ends);
            for (String topic : List.of("odd", "odd.end", "even.end")) {
                assertThat(publish(() -> Message.to(topic).id(last.value() + topic)))
                        .isEqualTo("stored");
            }
            Threads.await("the end of " + row, LIMIT, () -> count(last) == 3);
            return new Result(outcomes, received.stream().filter(m -> !isEnd(m)).toList());
        }

        private static boolean isEnd(Message message) {
            return message.id().map(MessageId::value).orElse("").startsWith("end-")
                    || message.topic().endsWith(".end");
        }

        private long count(MessageId last) {
            return received.stream()
                    .filter(m -> m.id().map(MessageId::value).orElse("").matches(last.value() + "[a-z].*"))
                    .count();
        }

        void close() {
            running.dispose();
            client.close().block(LIMIT);
        }
    }

    @BeforeEach
    void open() {
        embedded = new Side(broker);
        nats = new Side(NatsBroker.connect(server.url()));
    }

    @AfterEach
    void close() {
        embedded.close();
        nats.close();
        broker.shutdown();
    }

    @Test
    void whatComesOutIsEqualOrRefusedAlike() {
        SoftAssertions all = new SoftAssertions();
        for (Row row : OddValues.all()) {
            Result here = embedded.result(row);
            Result there = nats.result(row);
            all.assertThat(here.ends()).as("embedded: " + row).isEqualTo(row.expected());
            all.assertThat(there.ends()).as("NATS: " + row).isEqualTo(row.expected());
            all.assertThat(named(there.received()))
                    .as("received: " + row)
                    .containsExactlyInAnyOrderElementsOf(named(here.received()));
            long stored = row.expected().stream().filter("stored"::equals).count();
            all.assertThat(here.received()).as("kept: " + row).hasSize((int) stored);
        }
        all.assertAll();
    }

    // What had no id got one of its client.
    private static List<Message> named(List<Message> messages) {
        return messages.stream()
                .map(m -> m.id().map(MessageId::value).orElse("").startsWith("odd") ? m : m.id("any"))
                .toList();
    }

    @Test
    void aConditionIsKeptOrRefusedAndNeverDropped() {
        for (Message message : OddValues.conditions()) {
            assertThat(embedded.publish(() -> message))
                    .as("embedded: " + message.headers())
                    .isEqualTo("UNSUPPORTED");
            assertThat(nats.publish(() -> message))
                    .as("NATS: " + message.headers())
                    .isIn("stored", ErrorCode.NOT_AS_EXPECTED.toString(), ErrorCode.UNSUPPORTED.toString());
        }
        assertThat(embedded.received).noneMatch(m -> m.topic().equals("odd.condition"));
    }

    @Test
    void whatIsDerivedForTwoTopicsOfAFamilyIsTwoMessages() {
        for (Side side : List.of(embedded, nats)) {
            List<String> ends = new ArrayList<>();
            Heard<?> handled = Heard.of(side.client
                    .consumer("even.>", "derivers", String.class)
                    .handle(delivery -> Flux.just("odd.created", "odd.paid")
                            .concatMap(topic -> delivery.publish("told", Message.to(topic)))
                            .doOnNext(receipt -> ends.add(receipt.duplicate() ? "duplicate" : "stored"))
                            .then())
                    .take(1));
            assertThat(side.publish(() -> Message.to("even.source").id("source")))
                    .isEqualTo("stored");
            Threads.await("it is handled", LIMIT, handled::hasEnded);
            assertThat(ends).containsExactly("stored", "stored");
        }
    }
}
