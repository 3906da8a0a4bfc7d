package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.StartPosition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Groups that are deleted, groups that end by themselves, and topics that are kept without any. */
class GroupsThatComeAndGoTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Room room = Room.fenced();

    private final EmbeddedBroker broker = EmbeddedBroker.create();
    private final MessageClient client = MessageClient.builder().broker(broker).build();

    @AfterEach
    void close() {
        client.close().block(LIMIT);
        broker.shutdown();
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("orders.>", "workers", String.class).startFrom(StartPosition.EARLIEST);
    }

    private Heard<PublishReceipt> publish(String body) {
        Heard<PublishReceipt> publish =
                Heard.of(client.publish(Message.to("orders.new").body(body)));
        Threads.await("it has ended", LIMIT, publish::hasEnded);
        return publish;
    }

    private boolean isKept() {
        return publish("probe").error() == null;
    }

    @Test
    void whatIsDeclaredIsKeptForGroupsThatComeLater() {
        assertThat(publish("lost").code()).isEqualTo(ErrorCode.NO_GROUP);
        client.declare(
                        "orders.>",
                        Retention.builder().messagesMax(10).bytesMax(1_000).build())
                .block(LIMIT);
        assertThat(publish("kept").error()).isNull();
        List<String> bodies = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes =
                Heard.of(consumer().handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
        Threads.await("it comes", LIMIT, () -> outcomes.values().size() == 1);

        assertThat(bodies).containsExactly("kept");
        outcomes.cancel();
    }

    @Test
    void aRetentionThatWasAskedForIsNotChangedByTheUsualOne() {
        client.declare(
                        "orders.>",
                        Retention.builder().messagesMax(1).bytesMax(1_000).build())
                .block(LIMIT);
        client.declare("orders.>", Retention.defaults()).block(LIMIT);
        publish("1");
        publish("2");
        List<String> bodies = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes =
                Heard.of(consumer().handle(delivery -> Mono.fromRunnable(() -> bodies.add(delivery.body()))));
        Threads.await("it comes", LIMIT, () -> outcomes.values().size() == 1);

        assertThat(bodies).containsExactly("2");
        outcomes.cancel();
    }

    @Test
    void aDeletedGroupTakesNothingAnyMore() {
        Heard<Outcome> outcomes = Heard.of(consumer().handle(delivery -> Mono.empty()));
        Threads.await("the group", LIMIT, this::isKept);
        outcomes.cancel();

        assertThat(client.deleteGroup("orders.other", "workers").block(LIMIT)).isFalse();
        assertThat(client.deleteGroup("orders.>", "workers").block(LIMIT)).isTrue();
        assertThat(client.deleteGroup("orders.>", "workers").block(LIMIT)).isFalse();
        assertThat(publish("late").code()).isEqualTo(ErrorCode.NO_GROUP);
    }

    @Test
    void aTemporaryGroupEndsSomeTimeAfterItsLastConsumer() {
        Heard<Outcome> outcomes =
                Heard.of(consumer().temporary(Duration.ofSeconds(1)).handle(delivery -> Mono.empty()));
        Threads.await("the group", LIMIT, this::isKept);
        outcomes.cancel();
        Threads.await("it is gone", LIMIT, () -> !isKept());
    }

    // Its time was running when it was deleted.
    @Test
    void theEndOfATemporaryGroupIsNotThatOfALaterOneOfItsName() {
        Duration soon = Duration.ofSeconds(30);
        room.hear(room.consumer().temporary(soon).handle(delivery -> Mono.empty()))
                .cancel();
        room.broker().deleteGroup("assessors");
        Heard<Outcome> later = room.hear(room.consumer().handle(delivery -> Mono.empty()));

        room.pass(soon.multipliedBy(2));
        room.publish("a");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(later)).containsExactly(Outcome.Kind.ACKED);
    }
}
