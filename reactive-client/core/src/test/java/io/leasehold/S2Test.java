package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.publish.MessagePublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/**
 * Incident S2: the response queue that stood still, where there is no socket; frames, buffers and connections have
 * tests of their own with the brokers that have them.
 */
class S2Test {
    @RegisterExtension
    final Room room = Room.fenced();

    @Test
    @Scenario(18)
    void answersThatComeWithinTheCallFindWhoAsked() {
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> Mono.empty()));
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            publishes.add(room.hear(
                    room.client().publish(Message.to("quakes.nc").id("m" + i).body("b"))));
        }

        assertThat(publishes).allMatch(Heard::hasCompleted);
        assertThat(Room.kinds(outcomes)).hasSize(1000).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    @Scenario(19)
    void aPublishThatNobodyWouldKeepIsRefused() {
        Heard<PublishReceipt> publish =
                room.hear(room.client().publish(Message.to("nowhere").body("b")));
        room.pass(Duration.ZERO);
        assertThat(publish.code()).isEqualTo(ErrorCode.NO_GROUP);
    }

    @Test
    @Scenario(19)
    void aGroupThatIsDeletedEndsItsConsumersWithAnError() {
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(2).handle(delivery -> Mono.never()));
        room.publish("a", "b", "c");
        room.broker().deleteGroup("assessors");
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.code()).isEqualTo(ErrorCode.GROUP_GONE);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.LOST);
    }

    @Test
    @Scenario(19)
    void whatIsOpenWhenTheClientClosesIsEnded() {
        AtomicReference<SilentBroker> silent = new AtomicReference<>();
        MessageClient client = room.client("silent", builder -> {
            silent.set(new SilentBroker(room.broker()));
            return builder.broker(silent.get());
        });
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();

        for (int i = 0; i < 2000; i++) {
            publishes.add(room.hear(client.publish(Message.to("quakes.nc").body("b" + i))));
        }
        client.close().subscribe();
        room.pass(Duration.ofSeconds(3));

        assertThat(publishes).allSatisfy(publish -> assertThat(publish.ends()).isEqualTo(1));
        assertThat(publishes).extracting(Heard::code).contains(ErrorCode.UNKNOWN, ErrorCode.CLOSED);
    }

    @Test
    @Scenario(19)
    void anErrorOfAHandlerIsAnAnswerToo() {
        Heard<Outcome> outcomes = room.hear(room.consumer().maxDeliveries(1).handle(delivery -> {
            throw new IllegalStateException("no");
        }));
        room.publish("a", "b");

        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.NAKED).hasSize(2);
        assertThat(room.group("assessors").held()).isZero();
    }

    @Test
    @Scenario(21)
    void aBodyThatIsMisreadEndsInTheDeadLetterTopicAndTheNextIsRead() {
        List<Message> dead = new ArrayList<>();
        room.hear(room.client().consumer("dead.>", "undertakers", Message.class).handle(delivery -> {
            dead.add(delivery.body());
            return Mono.empty();
        }));
        MessageClient client =
                room.client("strict", builder -> builder.codecs(Codecs.of(Integer.class, new DecimalCodec())));
        Heard<Outcome> outcomes = room.hear(client.consumer("quakes.>", "readers", Integer.class)
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.empty()));
        room.publish("1", "two", "3");

        assertThat(Room.kinds(outcomes))
                .containsExactlyInAnyOrder(Outcome.Kind.ACKED, Outcome.Kind.DEAD_LETTERED, Outcome.Kind.ACKED);
        assertThat(dead).extracting(Message::text).containsExactly("two");
    }

    @Test
    @Scenario(23)
    void closeCancelsWhatRunsBeforeItWaitsForIt() {
        List<String> steps = new ArrayList<>();
        MessageClient client = room.client();
        Heard<Outcome> outcomes = room.hear(
                Room.consumer(client).handle(delivery -> Mono.never().doOnCancel(() -> steps.add("cancelled"))));

        room.publish("a");
        room.hear(client.close().doOnTerminate(() -> steps.add("closed")));
        room.pass(Duration.ofSeconds(5));

        assertThat(steps).containsExactly("cancelled", "closed");
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED);
        assertThat(room.group("assessors").queued()).isEqualTo(1);
    }

    @Test
    @Scenario(24)
    void oneAnswerThatNeverComesHoldsBackNothingButItsKey() {
        AtomicReference<SilentBroker> silent = new AtomicReference<>();
        MessageClient client = room.client("silent", builder -> {
            silent.set(new SilentBroker(room.broker()));
            return builder.broker(silent.get());
        });
        MessagePublisher ordered = client.publisher().ordered();

        Heard<PublishReceipt> stuck =
                room.hear(ordered.publish(Message.to("quakes.nc").key("NC").id("stuck")));
        Heard<PublishReceipt> behind =
                room.hear(ordered.publish(Message.to("quakes.nc").key("NC").id("behind")));
        Heard<PublishReceipt> other =
                room.hear(ordered.publish(Message.to("quakes.nc").key("US").id("other")));
        silent.get().unanswered().stream()
                .filter(item -> item.id().value().equals("other"))
                .forEach(item -> item.confirmed(1, false));
        room.pass(Duration.ofSeconds(10));

        assertThat(other.hasCompleted()).isTrue();
        assertThat(stuck.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(behind.code()).isIn(ErrorCode.KEY_HALTED, ErrorCode.PUBLISH_TIMEOUT);
    }
}
