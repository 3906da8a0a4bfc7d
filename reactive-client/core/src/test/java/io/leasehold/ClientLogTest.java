package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.CapturedLog;
import io.leasehold.event.LoggingRecorder;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client says in the log what it is, what its consumers do, and when what it holds will be lost. */
class ClientLogTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aClientSaysWhichBrokerItIsOnAndThatNobodyNamedIt() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            MessageClient client = MessageClient.builder().name("unnamed-1").build();

            assertThat(log.await("unnamed-1: STARTED"))
                    .startsWith("INFO")
                    .contains("embedded, in memory: what it holds is lost at exit");
            assertThat(log.await("unnamed-1: ADVICE")).startsWith("WARN").contains("MessageClientBuilder.broker");
            client.close().block(LIMIT);
        }
    }

    @Test
    void whoNamesTheEmbeddedBrokerIsNotWarned() {
        EmbeddedBroker broker = EmbeddedBroker.create();
        try (CapturedLog log = CapturedLog.ofClients()) {
            MessageClient client =
                    MessageClient.builder().name("named-1").broker(broker).build();
            consumed(client);
            log.await("named-1: DRAINED");

            assertThat(log.linesOf("named-1")).noneMatch(line -> line.startsWith("WARN"));
        }
        broker.shutdown();
    }

    @Test
    void aDefaultBrokerThatKeepsNothingIsWarnedOfWithTheRemedyOfWhoChoseIt() {
        EmbeddedBroker broker = EmbeddedBroker.create();
        try (CapturedLog log = CapturedLog.ofClients()) {
            MessageClient client = MessageClient.builder()
                    .name("chosen-1")
                    .defaultBroker(broker, "set the property")
                    .build();

            assertThat(log.await("chosen-1: ADVICE")).startsWith("WARN").endsWith("; set the property");
            client.close().block(LIMIT);
        }
        broker.shutdown();
    }

    @Test
    void aConsumerSaysWhatIsInForceAndWhenItIsDrained() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            consumed(MessageClient.builder().name("consumes-1").build());

            assertThat(log.await("consumes-1: CONSUMING"))
                    .startsWith("INFO")
                    .contains("[assessors]", "filter=quakes.>", "leaseTime=", "concurrency=", "deadLetters=");
            assertThat(log.await("consumes-1: DRAINED")).startsWith("INFO");
        }
    }

    @Test
    void loggingCanBeSwitchedOff() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            consumed(MessageClient.builder().name("silent-1").logging(false).build());
            consumed(MessageClient.builder().name("loud-1").build());
            log.await("loud-1: DRAINED");

            assertThat(log.linesOf("silent-1")).isEmpty();
        }
    }

    @Test
    void aLogThatBlocksStopsNeitherWorkNorClose() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                blocked.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(LoggingRecorder.LOGGER);
        try (CapturedLog log = CapturedLog.ofClients()) {
            logger.addAppender(appender);
            List<Outcome> outcomes =
                    consumed(MessageClient.builder().name("blocked-1").build());

            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(outcomes).hasSize(100);
            goOn.countDown();
            log.await("blocked-1: DRAINED");
        } finally {
            goOn.countDown();
            logger.detachAppender(appender);
        }
    }

    /** Errors of users and of codecs quote what they could not work on. */
    private static final class Quoting implements Codec<Integer> {
        @Override
        public byte[] encode(Integer value) {
            throw new IllegalArgumentException("canary-encoding");
        }

        @Override
        public Integer decode(Message message) {
            throw new IllegalArgumentException("not a number: " + message.text());
        }
    }

    @Test
    void noBodyHeaderValueOrTextOfAForeignErrorIsWrittenWhateverFails() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            MessageClient client = MessageClient.builder()
                    .name("quoting-1")
                    .codecs(Codecs.of(Integer.class, new Quoting()))
                    .recorder(new Recorder() {
                        @Override
                        public void published(String topic, ErrorCode code, long nanos) {
                            throw new IllegalStateException("canary-recorder");
                        }
                    })
                    .build();
            Message message = Message.to("quakes.nc").key("k").header("Token", "canary-header");
            client.consumer("quakes.>", "failing", String.class)
                    .keyed()
                    .handle(delivery -> Mono.error(new IllegalStateException("no " + delivery.body())))
                    .subscribe();
            client.consumer("quakes.>", "decoding", Integer.class)
                    .deadLetterTo("dead.quakes")
                    .handle(delivery -> Mono.empty())
                    .subscribe();
            client.publishAll(Flux.range(0, 3).map(i -> message.body("canary-body " + i)))
                    .blockLast(LIMIT);
            client.publish(message.body((Object) 1)).onErrorComplete().block(LIMIT);

            log.await("quoting-1: FAILED");
            log.await("quoting-1: DEAD_LETTERED");
            log.await("quoting-1: KEY_ORDER_BROKEN");
            log.await("quoting-1: FAULT");
            client.close().block(LIMIT);
            assertThat(log.linesOf("quoting-1")).hasSizeGreaterThan(6).noneMatch(line -> line.contains("canary"));
        }
    }

    private static List<Outcome> consumed(MessageClient client) {
        var consumer = client.consumer("quakes.>", "assessors", String.class);
        List<Outcome> seen = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(100);
        consumer.handle(delivery -> Mono.empty()).subscribe(outcome -> {
            seen.add(outcome);
            all.countDown();
        });
        client.publishAll(Flux.range(0, 100).map(i -> Message.to("quakes.nc").body("quake " + i)))
                .blockLast(LIMIT);
        try {
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        client.closeGracefully(LIMIT).block(LIMIT);
        return seen;
    }
}
