package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Incident S3 on a server: two sides that wait for each other with full buffers. */
@WithServers
class NatsS3IT {
    private static final int MESSAGES = 200;
    private static final byte[] LARGE = new byte[1_000_000];

    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    private MessageClient client;

    /** One connection for everything, on which no more large messages are under way than it holds. */
    private MessageClient client() {
        if (client == null) {
            client = room.client(
                    "large",
                    builder -> builder.publishing(PublishSettings.builder()
                            .window(8)
                            .timeout(Duration.ofSeconds(30))
                            .build()));
        }
        return client;
    }

    private MessageConsumer<byte[]> of(String family, String group) {
        return client().consumer(family + ".>", group, byte[].class)
                .startFrom(StartPosition.EARLIEST)
                .leaseTime(NatsRoom.T);
    }

    @Test
    @Scenario(25)
    void aSubscriberThatAsksForOneHoldsBackOnlyItself() {
        String big = "big" + room.stream();
        room.keep(big);
        // Kept from when it comes: all is stored long after that.
        Heard<Delivery<byte[]>> slow = Heard.of(of(big, "slow").deliveries().map(Delivery::keep), 1);
        Heard<PublishResult> sent = room.hear(client().publishAll(Flux.range(0, MESSAGES)
                .map(i -> Message.to(big + ".x").id("big" + i).body(LARGE))));
        room.await("all is stored", () -> sent.values().size() == MESSAGES);
        assertThat(sent.values()).allMatch(PublishResult::isConfirmed);
        room.await("one came", () -> slow.values().size() == 1);
        long began = System.nanoTime();
        long received = room.proxy().bytes(Direction.TO_CLIENT);
        Heard<Outcome> quick = room.hear(room.consumer(client()).handle(delivery -> Mono.empty()));
        int rounds = 0;
        while (System.nanoTime() - began < 2 * NatsRoom.T.toNanos()) {
            room.publish("quick " + rounds);
            int done = ++rounds;
            room.await("it is done beside the slow one", () -> quick.values().size() == done);
        }
        assertThat(NatsRoom.kinds(quick)).containsOnly(Outcome.Kind.ACKED);
        assertThat(slow.values().get(0).lease().isHeld())
                .as("after twice its time")
                .isTrue();
        assertThat(slow.values()).hasSize(1);
        assertThat(room.raw()
                        .request("$JS.API.CONSUMER.INFO." + big + ".slow", "")
                        .field("num_ack_pending"))
                .as("the client was given one of them")
                .contains("1");
        assertThat(room.proxy().bytes(Direction.TO_CLIENT) - received)
                .as("and no byte of the others crossed the way")
                .isLessThan(LARGE.length + 2_000L * rounds);
        Heard<?> ack = room.hear(slow.values().get(0).lease().ack());
        room.await("it is acked", ack::hasCompleted);
        slow.cancel();
    }

    @Test
    @Scenario(26)
    void aHandlerThatPublishesAndWaitsIsServedWhenItMayBlock() {
        String echoes = "echo" + room.stream();
        room.keep(echoes);
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(4)
                .handle(Handler.blocking(
                        delivery -> delivery.publish(Message.to(echoes + ".nc").body(delivery.body()))
                                .block(NatsRoom.LIMIT))));
        room.publish(100);
        room.await("all are handled", () -> outcomes.values().size() == 100);

        assertThat(outcomes.values())
                .allSatisfy(outcome -> assertThat(outcome.kind())
                        .as(() -> "the kind of " + outcome)
                        .isEqualTo(Outcome.Kind.ACKED));
        assertThat(room.raw().request("$JS.API.STREAM.INFO." + echoes, "").field("messages"))
                .contains("100");
    }

    @Test
    @Scenario(26)
    void aHandlerThatWaitsOnAThreadThatMustNotBlockIsRefusedAndNothingHangs() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(4)
                .maxDeliveries(1)
                .handle(delivery ->
                        Mono.just(delivery.publish(Message.to(room.stream()).body(delivery.body()))
                                .block(NatsRoom.LIMIT))));
        room.publish("a", "b", "c");
        room.await("all have ended", () -> outcomes.values().size() == 3);

        assertThat(outcomes.values())
                .extracting(Outcome::error)
                .allSatisfy(error -> assertThat(error).isInstanceOf(IllegalStateException.class));
    }

    @Test
    @Scenario(27)
    void whenNeitherSideReadsTheConnectionIsGivenUpAndAllGoesOnOnTheNext() {
        Heard<Outcome> outcomes =
                room.hear(of(room.stream(), "assessors").concurrency(4).handle(delivery -> Mono.empty()));
        room.publish("before");
        long connections = room.proxy().accepted();
        room.proxy().hold();
        Heard<PublishResult> sent = room.hear(client().publishAll(Flux.range(0, 50)
                .map(i -> Message.to(room.topic("x")).id("large" + i).body(LARGE))));
        room.await("the connection is given up", () -> room.proxy().accepted() > connections);
        room.proxy().release();
        room.await("all have ended", sent::hasEnded);
        assertThat(sent.values()).hasSize(50).allMatch(PublishResult::isConfirmed);
        room.await("all are handled", () -> outcomes.values().size() >= 51 && room.held() == 0);

        assertThat(room.stored()).isEqualTo(51);
    }
}
