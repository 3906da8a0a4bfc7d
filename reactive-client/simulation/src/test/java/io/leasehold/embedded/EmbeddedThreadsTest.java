package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.broker.contract.TestSettle;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The embedded broker among real threads. */
final class EmbeddedThreadsTest {
    private static final int PUBLISHERS = 3;
    private static final int EACH = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Scheduler time = Schedulers.newSingle("test-time", true);
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    private BrokerSession open(EmbeddedBroker broker) {
        Recorder recorder = new Recorder() {
            @Override
            public void fault(Throwable fault) {
                faults.add(fault);
            }
        };
        return broker.open(new SessionContext("threads", new Ticker(time), time, recorder));
    }

    private static GroupSpec group(Duration leaseTime) {
        return new GroupSpec("g", TopicFilter.of("a.>"), leaseTime, StartPosition.LATEST);
    }

    /** Hands what is delivered to another thread. */
    private static final class Inbox implements DeliverySink {
        private final BlockingQueue<Handout> handouts = new LinkedBlockingQueue<>();

        @Override
        public void delivered(Handout handout) {
            handouts.add(handout);
        }

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {}

        @Override
        public void connectionLost() {}

        @Override
        public void troubled(MessagingException trouble) {}

        @Override
        public void gone(MessagingException error) {}

        Handout take() throws InterruptedException {
            Handout handout = handouts.poll(20, TimeUnit.SECONDS);
            assertThat(handout).as("a delivery within its limit").isNotNull();
            return handout;
        }
    }

    @Test
    @Timeout(120)
    void eachMessageIsDeliveredAndAckedOnceAmongManyThreads() throws InterruptedException {
        EmbeddedSettings settings = EmbeddedSettings.builder()
                .capacityMessages(100)
                .waitingPublishes(PUBLISHERS * EACH)
                .build();
        EmbeddedBroker broker = EmbeddedBroker.create(settings, time);
        BrokerSession session = open(broker);
        Set<Object> refs = ConcurrentHashMap.newKeySet();
        List<TestPublish> publishes = new ArrayList<>();
        Queue<TestSettle> acks = new ConcurrentLinkedQueue<>();
        CountDownLatch acked = new CountDownLatch(PUBLISHERS * EACH);
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < 2; c++) {
            threads.add(consumer(session, refs, acks, acked));
        }
        for (int p = 0; p < PUBLISHERS; p++) {
            List<TestPublish> mine = publishesOf(p);
            publishes.addAll(mine);
            threads.add(new Thread(() -> mine.forEach(session.publishing()::publish)));
        }
        threads.forEach(Thread::start);
        boolean all = acked.await(50, TimeUnit.SECONDS);
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(10_000);
        }
        assertThat(all).as("all were acked within the limit").isTrue();
        // Whoever works for the broker may still be at what others have given it.
        Threads.await("all are confirmed", LIMIT, () -> publishes.stream().allMatch(TestPublish::isConfirmed));
        Threads.await("all are done", LIMIT, () -> acks.stream().allMatch(TestSettle::isDone));
        broker.shutdown();
        time.dispose();

        assertThat(refs).hasSize(PUBLISHERS * EACH);
        assertThat(acks).hasSize(PUBLISHERS * EACH);
        assertThat(faults).isEmpty();
    }

    private static List<TestPublish> publishesOf(int publisher) {
        return IntStream.range(0, EACH)
                .mapToObj(i -> new TestPublish(Message.to("a." + publisher).id(publisher + "-" + i)))
                .toList();
    }

    private static Thread consumer(
            BrokerSession session, Set<Object> refs, Queue<TestSettle> acks, CountDownLatch acked) {
        Inbox inbox = new Inbox();
        DeliveryPort port = session.deliveries(group(Duration.ofMinutes(5)), inbox);
        port.credit(50);
        return new Thread(() -> {
            try {
                for (long credit = 51; true; credit++) {
                    Handout handout = inbox.handouts.take();
                    TestSettle ack = TestSettle.ack(handout);
                    port.settle(List.of(ack));
                    refs.add(handout.ref());
                    acks.add(ack);
                    port.credit(credit);
                    acked.countDown();
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void aBrokerOfItsOwnTimeRedeliversAndEndsItsThreadAtShutdown() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        EmbeddedBroker broker = EmbeddedBroker.create();
        BrokerSession session = open(broker);
        Inbox inbox = new Inbox();
        session.deliveries(group(Duration.ofMillis(50)), inbox).credit(2);
        session.publishing().publish(new TestPublish(Message.to("a.b").id("1")));
        Handout first = inbox.take();
        Handout second = inbox.take();

        assertThat(second.deliveryCount()).isEqualTo(2);
        assertThat(second.anchorNanos() - first.anchorNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());

        Thread timer = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("leasehold-embedded") && !before.contains(thread))
                .findFirst()
                .orElseThrow();
        assertThat(timer.isDaemon()).isTrue();

        broker.shutdown();
        timer.join(10_000);
        assertThat(timer.isAlive()).isFalse();

        time.dispose();
    }
}
