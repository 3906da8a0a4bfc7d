package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leasehold.Scenario;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.WithServers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Many threads write while connections come and go: everything ends once, and no buffer is left. */
@WithServers
class UnderLoadIT extends ConnectionRoom {
    private static final int THREADS = 4;

    /** Counts its ends; there must be one, and no second one. */
    private static final class Ending extends Request {
        private final Subject subject;
        private final AtomicInteger ends = new AtomicInteger();
        private final CountDownLatch all;

        Ending(Subject subject, CountDownLatch all) {
            this.subject = subject;
            this.all = all;
        }

        private void end() {
            ends.incrementAndGet();
            all.countDown();
        }

        @Override
        protected Subject subject() {
            return subject;
        }

        @Override
        protected byte[] body() {
            return new byte[100];
        }

        @Override
        protected long limitNanos() {
            return TimeUnit.SECONDS.toNanos(5);
        }

        @Override
        protected void refused(MessagingException why) {
            end();
        }

        @Override
        protected void answered(MessageFrame answer) {
            end();
        }

        @Override
        protected void failed(MessagingException why) {
            end();
        }
    }

    private static Thread[] writing(
            NatsConnection connection, AtomicReferenceArray<Ending> requests, CountDownLatch all) {
        Thread[] threads = new Thread[THREADS];
        Subject subject = Subject.of("nobody");
        for (int t = 0; t < THREADS; t++) {
            int first = t;
            threads[t] = new Thread(() -> {
                for (int i = first; i < requests.length(); i += THREADS) {
                    requests.set(i, new Ending(subject, all));
                    connection.write(requests.get(i));
                }
            });
            threads[t].start();
        }
        return threads;
    }

    private static void eachEndedOnce(AtomicReferenceArray<Ending> requests, CountDownLatch all) throws Exception {
        assertThat(all.await(30, TimeUnit.SECONDS))
                .as("%d are open", all.getCount())
                .isTrue();
        for (int i = 0; i < requests.length(); i++) {
            assertThat(requests.get(i).ends).as("request %d", i).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    @Scenario(23)
    void whatIsWrittenWhileSomebodyClosesEndsOnce(int round) throws Exception {
        NatsConnection connection = up(to(server()));
        int many = 20_000;
        AtomicReferenceArray<Ending> requests = new AtomicReferenceArray<>(many);
        CountDownLatch all = new CountDownLatch(many);
        Thread[] threads = writing(connection, requests, all);
        for (int spin = 0; spin < round * 50_000; spin++) {
            Thread.onSpinWait();
        }
        connection.close().block(LIMIT);
        for (Thread thread : threads) {
            thread.join();
        }
        eachEndedOnce(requests, all);
    }

    @Test
    void whatIsWrittenWhileConnectionsBreakEndsOnce() throws Exception {
        NatsServer server = server();
        NatsConnection connection = up(quicklyTo(address(server)));
        int many = 60_000;
        AtomicReferenceArray<Ending> requests = new AtomicReferenceArray<>(many);
        CountDownLatch all = new CountDownLatch(many);
        Thread[] threads = writing(connection, requests, all);
        for (int i = 0; i < 6; i++) {
            if (i % 2 == 0) {
                connection.abort("test");
            } else {
                connection.reconnect("test");
            }
            heard.await("up ");
        }
        for (Thread thread : threads) {
            thread.join();
        }
        eachEndedOnce(requests, all);
        connection.flush().block(LIMIT);
    }

    @Test
    void eachThreadsMessagesKeepTheirOrder() throws Exception {
        NatsConnection connection = up(to(server()));
        List<Integer> next = new ArrayList<>(Collections.nCopies(THREADS, 0));
        CountDownLatch all = new CountDownLatch(THREADS * 5_000);
        connection.subscribe(Subject.filter("order.*"), null, new MessageHandler() {
            @Override
            public void message(MessageFrame frame) {
                int thread = frame.subject().charAt("order.".length()) - '0';
                if (HeardMessages.body(frame).equals("" + next.get(thread))) {
                    next.set(thread, next.get(thread) + 1);
                    all.countDown();
                }
            }

            @Override
            public void failed(MessagingException why) {}
        });
        connection.flush().block(LIMIT);
        for (int t = 0; t < THREADS; t++) {
            String subject = "order." + t;
            new Thread(() -> {
                        for (int i = 0; i < 5_000; i++) {
                            connection.write(UnansweredPublish.of(subject, "" + i));
                        }
                    })
                    .start();
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).as("in order: %s", next).isTrue();
    }

    @Test
    @Scenario(22)
    void noBufferLeaksHoweverConnectionsEnd() throws Exception {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ListAppender<ILoggingEvent> leaks = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        leaks.start();
        log.addAppender(leaks);
        log.setAdditive(false);
        try {
            endInManyWays();
            assertThat(leaksFound(leaks, 10)).isZero();
            leak();
            assertThat(leaksFound(leaks, 200)).as("a leak on purpose is found").isPositive();
        } finally {
            log.setAdditive(true);
            log.detachAppender(leaks);
        }
    }

    private void endInManyWays() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(quicklyTo(server.address()));
        for (int i = 0; i < 12; i++) {
            FakeServer.Peer peer = server.welcome();
            heard.await("up ");
            UnansweredPublish dropped = new UnansweredPublish("q", new byte[1]);
            dropped.gate = false;
            connection.write(dropped);
            peer.lineOf("SUB ");
            for (int j = 0; j < 200; j++) {
                connection.write(new UnansweredPublish("q", new byte[20_000]));
            }
            peer.send("MSG q 1 5\r\nhel");
            switch (i % 4) {
                case 0 -> peer.close();
                case 1 -> peer.reset();
                case 2 -> connection.abort("test");
                default -> peer.send("nonsense");
            }
            if (i % 4 == 3) {
                peer.send("\r\n\r\n");
            }
            heard.await("down ");
        }
    }

    private static void leak() {
        for (int i = 0; i < 100; i++) {
            ByteBuf lost = ByteBufAllocator.DEFAULT.directBuffer(64);
            lost.writeByte(1);
        }
    }

    /** The detector speaks when something else is allocated after a collection. */
    private static int leaksFound(ListAppender<ILoggingEvent> leaks, int collections) {
        for (int i = 0; i < collections && leaks.list.isEmpty(); i++) {
            System.gc();
            for (int j = 0; j < 100; j++) {
                ByteBufAllocator.DEFAULT.directBuffer(64).release();
            }
        }
        return leaks.list.size();
    }
}
