package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.VirtualClock;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.TopicFilter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a queued message costs, measured: the message itself, its id, and what the broker needs to find both again. */
final class EmbeddedMemoryTest {
    private static final int MESSAGES = 1_000_000;
    private static final int BODY_BYTES = 32;
    private static final long COST_MAX_BYTES = 400;

    private final VirtualClock clock = new VirtualClock();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), clock.scheduler());
    private long confirmed;

    @Test
    void aMillionQueuedMessagesCostAtMostFourHundredBytesEachAboveTheirBodies() {
        BrokerSession session = broker.open(
                new SessionContext("memory", new Ticker(clock.scheduler()), clock.scheduler(), Recorder.NONE));
        DeliveryPort unused = session.deliveries(
                new GroupSpec("g", TopicFilter.of("quakes.>"), Duration.ofSeconds(30), StartPosition.LATEST),
                new NoSink());
        long before = usedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            session.publishing().publish(new Item(i));
        }
        long cost = (usedBytes() - before) / MESSAGES - BODY_BYTES;
        assertThat(confirmed).isEqualTo(MESSAGES);
        assertThat(broker.stats().messages()).isEqualTo(MESSAGES);

        assertThat(cost).as("bytes per queued message above its body").isBetween(50L, COST_MAX_BYTES);
        broker.shutdown();
        clock.close();
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private final class Item implements PublishItem {
        private final Message message;
        private final MessageId id;

        Item(int number) {
            id = MessageId.of("00000000-0000-4000-8000-" + (100_000_000_000L + number));
            // A topic of its own for each: nobody promises to use the same String again.
            message = Message.to("quakes." + (number % 8)).key("k" + number).body(new byte[BODY_BYTES]);
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public MessageId id() {
            return id;
        }

        @Override
        public boolean tryWrite() {
            return true;
        }

        @Override
        public void confirmed(long sequence, boolean duplicate) {
            confirmed++;
        }

        @Override
        public void failed(MessagingException error) {
            throw error;
        }
    }

    private static final class NoSink implements DeliverySink {
        @Override
        public void delivered(Handout handout) {}

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {}

        @Override
        public void connectionLost() {}

        @Override
        public void troubled(MessagingException trouble) {}

        @Override
        public void gone(MessagingException error) {}
    }
}
