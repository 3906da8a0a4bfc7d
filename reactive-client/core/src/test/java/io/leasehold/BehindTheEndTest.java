package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Code of the user's that stands behind the end of something, and blocks there, holds up nothing that others need. */
class BehindTheEndTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration BLOCKED = Duration.ofSeconds(20);

    private final EmbeddedBroker broker = EmbeddedBroker.create();
    private final MessageClient client = MessageClient.builder().broker(broker).build();
    private final MessageClient other = MessageClient.builder().broker(broker).build();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicBoolean inVain = new AtomicBoolean();

    @AfterEach
    void close() {
        released.countDown();
        client.close().block(LIMIT);
        other.close().block(LIMIT);
        broker.shutdown();
    }

    private static Heard<Outcome> handling(MessageClient by) {
        MessageConsumer<String> consumer = by.consumer("quakes", "assessors", String.class);
        Heard<Outcome> outcomes = Heard.of(consumer.handle(delivery -> Mono.empty()));
        consumer.control().begun().block(LIMIT);
        return outcomes;
    }

    private void assertWorks(MessageClient by, Heard<Outcome> outcomes) {
        Heard<?> receipt = Heard.of(by.publish(Message.to("quakes").body("a")));
        Threads.await("the message is handled", LIMIT, () -> !outcomes.values().isEmpty());
        Threads.await("its publish is confirmed", LIMIT, receipt::hasCompleted);
        assertThat(inVain).as("it worked only when nobody was blocked any more").isFalse();
    }

    // On whatever thread the end is signalled.
    private void blockBehind(Mono<?> end) {
        end.doFinally(signal -> {
                    reached.countDown();
                    inVain.set(!isReached(released));
                })
                .subscribe();
        assertThat(isReached(reached)).isTrue();
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(BLOCKED.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void whatBlocksBehindADrainLetsTheGroupBeConsumedAgain() {
        handling(client);
        blockBehind(
                client.consumer("quakes", "assessors", String.class).control().drain(LIMIT));
        assertWorks(client, handling(client));
    }

    @Test
    void whatBlocksBehindABeginningLetsMessagesThrough() {
        MessageConsumer<String> consumer = client.consumer("quakes", "assessors", String.class);
        Heard<Outcome> outcomes = Heard.of(consumer.handle(delivery -> Mono.empty()));
        blockBehind(consumer.control().begun());
        assertWorks(client, outcomes);
    }

    @Test
    void whatBlocksBehindACloseLetsOtherClientsOfTheBrokerWork() {
        handling(client);
        blockBehind(client.close());
        assertWorks(other, handling(other));
    }
}
