package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.Handout;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.broker.contract.TestSettle;
import io.leasehold.broker.contract.VirtualClock;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A callback that throws harms only itself; one that calls back into the broker is served in its turn. */
final class EmbeddedFaultTest {
    private final VirtualClock clock = new VirtualClock();
    private final EmbeddedBroker broker =
            EmbeddedBroker.create(EmbeddedSettings.defaults(), clock.scheduler(), clock.wallClock());
    private final BrokerBench bench = new BrokerBench(clock, broker, clock.scheduler(), "faults");

    @AfterEach
    void tearDown() {
        broker.shutdown();
        clock.close();
    }

    /** Throws whenever it is told something. */
    private static final class Bomb implements DeliverySink {
        @Override
        public void delivered(Handout handout) {
            throw new IllegalStateException("delivered");
        }

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
            throw new IllegalStateException("ended");
        }

        @Override
        public void connectionLost() {}

        @Override
        public void troubled(MessagingException trouble) {
            throw new IllegalStateException("troubled");
        }

        @Override
        public void gone(MessagingException error) {
            throw new IllegalStateException("gone");
        }
    }

    private static List<String> messages(BrokerBench bench) {
        return bench.faults().stream().map(Throwable::getMessage).toList();
    }

    @Test
    void aConsumerThatThrowsHarmsNobodyElse() {
        bench.session().deliveries(bench.spec("a"), new Bomb()).credit(1);
        TestConsumer other = bench.consume("a");
        bench.publishAll("a", "1", "2");
        other.credit(5);

        assertThat(other.texts()).containsExactly("2");

        clock.elapse(Duration.ofSeconds(30));
        assertThat(other.texts()).containsExactly("2", "1", "2");

        broker.restart();
        broker.deleteGroup(bench.group("a"));
        assertThat(other.gone()).hasSize(1);
        assertThat(messages(bench)).containsExactlyInAnyOrder("delivered", "ended", "troubled", "gone");
    }

    @Test
    void aRecorderThatThrowsDoesNotStopTheBroker() {
        Recorder throwing = new Recorder() {
            @Override
            public void fault(Throwable fault) {
                throw new IllegalStateException("recorder", fault);
            }
        };
        BrokerSession session =
                broker.open(new SessionContext("throwing", new Ticker(clock.scheduler()), clock.scheduler(), throwing));
        session.deliveries(bench.spec("a"), new Bomb()).credit(1);
        bench.publishAll("a", "1");
        bench.publishAll("a", "2");
    }

    @Test
    void anItemThatThrowsHarmsNoOther() {
        TestConsumer consumer = bench.consume("a").credit(2);
        bench.publishAll("a", "1", "2");
        TestSettle good = TestSettle.ack(consumer.handout(1));
        consumer.port().settle(List.of(new ThrowingSettle(TestSettle.ack(consumer.handout(0))), good));

        assertThat(good.isDone()).isTrue();
        assertThat(messages(bench)).containsExactly("gate");
    }

    @Test
    void aConsumerMayCallBackIntoTheBroker() {
        int[] count = new int[1];
        Echo echo = new Echo(count);
        echo.start();
        bench.publishAll("a", "first");

        assertThat(count[0]).isEqualTo(1000);
        assertThat(bench.faults()).isEmpty();
    }

    /** Answers each delivery with an ack, a publish, and credit for one more, from within the callback. */
    private final class Echo implements DeliverySink {
        private final int[] count;
        private io.leasehold.broker.@Nullable DeliveryPort port;

        Echo(int[] count) {
            this.count = count;
        }

        void start() {
            port = bench.session().deliveries(bench.spec("a"), this);
            port.credit(1);
        }

        @Override
        public void delivered(Handout handout) {
            count[0]++;
            port.settle(List.of(TestSettle.ack(handout)));
            if (count[0] < 1000) {
                bench.session().publishing().publish(new TestPublish(bench.message("a", "next")));
                port.credit(count[0] + 1);
            }
        }

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
