package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.WithServers;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.PublishSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** An id is what makes a repetition harmless, and costs the server more than all the rest of a publish. */
@WithServers
class NatsIdIT {
    private static final String ID = "Nats-Msg-Id";

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private static RawMessage published(MessageClient client, Message message) {
        int heard = ROOM.raw().subscribe(message.topic());
        ROOM.raw().flush();
        Heard<PublishResult> result = ROOM.hear(client.publishAll(Flux.just(message)));
        ROOM.await("published", result::hasEnded);
        assertThat(result.values()).allMatch(PublishResult::isConfirmed);
        RawMessage came = ROOM.raw().next(heard);
        ROOM.raw().unsubscribe(heard);
        return came;
    }

    @Test
    void whatMayBeWrittenAgainHasAnId() {
        RawMessage came = published(ROOM.client(), Message.to(ROOM.topic("nc")).body("x"));
        assertThat(came.header(ID)).isPresent();
    }

    @Test
    void aSinglePublishHasOneSinceItMayBeSubscribedAgain() {
        MessageClient once = ROOM.client(
                "once",
                builder -> builder.publishing(
                        PublishSettings.builder().retry(RetryPolicy.none()).build()));
        int heard = ROOM.raw().subscribe(ROOM.topic("nc"));

        ROOM.raw().flush();
        Heard<?> receipt = ROOM.hear(once.publish(Message.to(ROOM.topic("nc")).body("x")));
        ROOM.await("published", receipt::hasCompleted);

        assertThat(ROOM.raw().next(heard).header(ID)).isPresent();
    }

    @Test
    void whatIsNeverWrittenAgainHasOneOnlyIfItWasGivenOne() {
        MessageClient once = ROOM.client(
                "once",
                builder -> builder.publishing(
                        PublishSettings.builder().retry(RetryPolicy.none()).build()));
        Message message = Message.to(ROOM.topic("nc")).body("x");

        assertThat(published(once, message).headers()).isEmpty();
        assertThat(published(once, message.header("shelf", "7")).header(ID)).isEmpty();
        assertThat(published(once, message.id("mine")).header(ID)).contains("mine");
    }
}
