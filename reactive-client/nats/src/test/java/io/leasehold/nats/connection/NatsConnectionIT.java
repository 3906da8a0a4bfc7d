package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.WithServers;
import io.leasehold.wire.ConnectionState;
import io.netty.util.ResourceLeakDetector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A connection to a real server does what its methods say. */
@WithServers
class NatsConnectionIT extends ConnectionRoom {
    private static final byte[] NOTHING = new byte[0];

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsPublishedArrivesInItsOrder() throws Exception {
        NatsConnection connection = up(to(server()));
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("quakes.>"), null, messages);
        connection.write(UnansweredPublish.of("quakes.nc", "one"));
        connection.write(UnansweredPublish.of("quakes.us", "two"));
        connection.write(UnansweredPublish.of("other", "three"));
        connection.flush().block(LIMIT);

        assertThat(messages.next()).isEqualTo("quakes.nc [] one");
        assertThat(messages.next()).isEqualTo("quakes.us [] two");
        assertThat(messages.isEmpty()).isTrue();
        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
        assertThat(connection.roundTrip()).isPositive();
        assertThat(connection.server().isAtLeast(2, 9, 0)).isTrue();
    }

    @Test
    void manyRequestsAreAnsweredEachByItsOwnAnswer() throws Exception {
        NatsConnection connection = up(to(server()));
        answering(connection, "twice.*");
        int many = 10_000;
        Long sum = Flux.range(0, many)
                .flatMap(
                        i -> connection
                                .ask(Subject.of("twice." + i), null, bytes("" + i), LIMIT)
                                .map(HeardMessages::body)
                                .doOnNext(body -> assertThat(body).isEqualTo(i + "" + i)),
                        512)
                .count()
                .block(LIMIT);

        assertThat(sum).isEqualTo(many);
    }

    /** Answers each request with its body twice. */
    private static void answering(NatsConnection connection, String filter) {
        connection.subscribe(Subject.filter(filter), null, new MessageHandler() {
            @Override
            public void message(MessageFrame frame) {
                String body = HeardMessages.body(frame);
                connection.write(UnansweredPublish.of(frame.reply(), body + body));
            }

            @Override
            public void failed(MessagingException why) {
                assertThat(why.code()).isEqualTo(ErrorCode.CLOSED);
            }
        });
    }

    @Test
    void headersArriveAsTheyWereSet() throws Exception {
        NatsConnection connection = up(to(server()));
        HeardMessages messages = new HeardMessages();
        connection.subscribe(Subject.filter("q"), null, messages);
        byte[] header = HeaderBlock.of(Headers.none().with("a", "1").with("A", " x: y"));
        Heard<MessageFrame> nobody = Heard.of(connection.ask(Subject.of("q"), header, bytes("b"), LIMIT));
        assertThat(messages.next()).isEqualTo("q [a, 1, A,  x: y] b");
        nobody.cancel();
    }

    @Test
    void aRequestThatNobodyListensToEndsAtOnce() throws Exception {
        NatsConnection connection = up(to(server()));
        ErrorCode code = connection
                .ask(Subject.of("nobody.there"), null, NOTHING, LIMIT)
                .map(frame -> ErrorCode.INTERNAL)
                .onErrorResume(error -> Mono.just(MessagingException.codeOf(error)))
                .block(LIMIT);

        assertThat(code).isEqualTo(ErrorCode.NO_RESPONDERS);
    }

    @Test
    void aCancelledSubscriptionHearsNothingMore() throws Exception {
        NatsConnection connection = up(to(server()));
        HeardMessages messages = new HeardMessages();
        Subscription subscription = connection.subscribe(Subject.filter("q"), null, messages);

        connection.write(UnansweredPublish.of("q", "1"));
        assertThat(messages.next()).isEqualTo("q [] 1");
        subscription.cancel();
        subscription.cancel();
        connection.write(UnansweredPublish.of("q", "2"));
        connection.flush().block(LIMIT);

        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void membersOfAQueueShareItsMessages() throws Exception {
        NatsConnection connection = up(to(server()));
        HeardMessages one = new HeardMessages();

        connection.subscribe(Subject.filter("q"), Subject.queue("g"), one);
        connection.subscribe(Subject.filter("q"), Subject.queue("g"), one);
        connection.write(UnansweredPublish.of("q", "1"));
        connection.flush().block(LIMIT);

        assertThat(one.next()).isEqualTo("q [] 1");
        assertThat(one.isEmpty()).isTrue();
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheConnectionStays() throws Exception {
        NatsConnection connection = up(to(server("max_payload: 1000")));
        UnansweredPublish large = new UnansweredPublish("q", new byte[1_001]);

        connection.write(large);
        assertThat(large.refusal.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.TOO_LARGE);
        connection.write(new UnansweredPublish("q", new byte[1_000]));
        connection.flush().block(LIMIT);

        assertThat(connection.epoch()).isEqualTo(1);
    }

    @Test
    void closeWritesWhatWasGivenAndEndsWhatIsOpen() throws Exception {
        NatsServer server = server();
        NatsConnection other = up(to(server));
        HeardMessages messages = new HeardMessages();

        other.subscribe(Subject.filter("q"), null, messages);
        other.subscribe(Subject.filter("silent"), null, new HeardMessages());
        other.flush().block(LIMIT);
        NatsConnection connection = up(to(server));
        Heard<MessageFrame> open = Heard.of(connection.ask(Subject.of("silent"), null, NOTHING, LIMIT));
        for (int i = 0; i < 1_000; i++) {
            connection.write(UnansweredPublish.of("q", "" + i));
        }
        connection.close();
        connection.close().block(LIMIT);
        for (int i = 0; i < 1_000; i++) {
            assertThat(messages.next()).isEqualTo("q [] " + i);
        }
        assertThat(open.code()).isEqualTo(ErrorCode.UNKNOWN);
        UnansweredPublish late = UnansweredPublish.of("q", "late");
        connection.write(late);
        assertThat(late.refusal.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CLOSED);
        Heard<Void> flush = Heard.of(connection.flush());

        assertThat(flush.code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    }

    @Test
    void drainHandsUpWhatWasSentAndNothingAfterIt() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        String sid = peer.lineOf("SUB q").replaceAll(".* ", "");
        Heard<Void> drained = Heard.of(connection.drain());
        assertThat(peer.line()).isEqualTo("UNSUB " + sid);
        assertThat(peer.line()).isEqualTo("PING");
        peer.send("MSG q " + sid + " 1\r\n1\r\n");
        assertThat(messages.next()).isEqualTo("q [] 1");
        assertThat(drained.isOpen()).isTrue();
        peer.send("PONG\r\nMSG q " + sid + " 1\r\n2\r\n-ERR 'Invalid Subject'\r\n");
        heard.await("SERVER_COMPLAINED");

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void drainWorksWithARealServer() throws Exception {
        NatsConnection connection = up(to(server()));
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        connection.write(UnansweredPublish.of("q", "1"));
        connection.drain().block(LIMIT);
        connection.write(UnansweredPublish.of("q", "2"));
        connection.flush().block(LIMIT);

        assertThat(messages.next()).isEqualTo("q [] 1");
        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void inboxesAreOurOwn() throws Exception {
        ConnectionSettings settings = to(server()).build();
        NatsConnection connection = up(settings);
        Subject inbox = connection.newInbox();

        assertThat(inbox).isNotEqualTo(connection.newInbox());
        assertThat(inbox.toString())
                .startsWith("_INBOX.")
                .isNotEqualTo(up(settings).newInbox().toString());
        HeardMessages messages = new HeardMessages();
        connection.subscribe(inbox, null, messages);
        connection.write(UnansweredPublish.of(inbox.toString(), "mine"));

        assertThat(messages.next()).endsWith("mine");
        assertThat(heard.all()).noneMatch(line -> line.startsWith("LATE_ANSWER"));
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledWithinAHandler() throws Exception {
        NatsConnection connection = up(to(server()));
        CountDownLatch closed = new CountDownLatch(1);
        connection.subscribe(Subject.filter("q"), null, new MessageHandler() {
            @Override
            public void message(MessageFrame frame) {
                connection.close().subscribe(nothing -> {}, error -> {}, closed::countDown);
            }

            @Override
            public void failed(MessagingException why) {}
        });
        connection.write(UnansweredPublish.of("q", "1"));
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theTransportOfJavaItselfDoesTheSame() throws Exception {
        ConnectionSettings settings = to(server()).build();
        NatsConnection connection = up(settings.mutate().nativeTransport(false));
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        connection.write(UnansweredPublish.of("q", "1"));

        assertThat(messages.next()).isEqualTo("q [] 1");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .anyMatch(name -> name.startsWith("leasehold-nats-nio"));
    }

    @Test
    void aRequestAllocatesLittleOnTheLoop() throws Exception {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        // The detector keeps a stack for each touch of a buffer.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            long[] bytes = allocatedPerRequest();
            // A little for each burst; answers are read in an array that is used again.
            assertThat(bytes[bytes.length - 1]).as(Arrays.toString(bytes)).isBetween(0L, 48L);
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    private long[] allocatedPerRequest() throws InterruptedException {
        ConnectionSettings settings = to(server()).build();
        NatsConnection connection = up(settings);
        NatsConnection answerer = up(settings);
        answering(answerer, "twice");
        answerer.flush().block(LIMIT);
        int many = 20_000;
        long[] bytes = new long[3];
        for (int round = 0; round < bytes.length; round++) {
            CountedRequests requests = new CountedRequests("twice", many);
            requests.write(connection);
            bytes[round] = requests.allocatedBytes() / many;
        }
        return bytes;
    }
}
